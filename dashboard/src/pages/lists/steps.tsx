import clsx from "clsx";
import { type ActionList, STATES, type State } from "@/api/lists";
import { day, moment } from "@/format/times";

const ORDER: readonly State[] = ["draft", "approved", "exported", "closed"];

/** How far the list is, and what comes next. */
export function Steps({ list }: { list: ActionList }) {
  const at = ORDER.indexOf(list.state);
  const when: Record<State, string | null> = {
    draft: moment(list.created_at),
    approved: list.approved_at && moment(list.approved_at),
    exported: list.sent_on && day(list.sent_on),
    closed: list.closed_at && moment(list.closed_at),
  };
  return (
    <>
      <ol aria-label="How far the list is" className="grid grid-cols-2 gap-x-6 gap-y-4 md:grid-cols-4">
        {ORDER.map((state, nth) => (
          <li
            key={state}
            aria-current={nth === at ? "step" : undefined}
            className={clsx("border-t-2 pt-2", nth <= at ? "border-accent" : "border-line")}
          >
            <span className={nth <= at ? "font-medium" : "text-soft"}>{STATES[state].name}</span>
            <span className="block text-sm text-soft">{when[state] ?? (nth < at ? "skipped" : "not yet")}</span>
          </li>
        ))}
      </ol>
      <p className="mt-4 text-soft">{STATES[list.state].next}</p>
    </>
  );
}
