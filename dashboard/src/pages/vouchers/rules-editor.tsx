import { useState } from "react";
import { useMay } from "@/api/session";
import { type History, useMaking } from "@/api/vouchers";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { Icon } from "@/ui/icon";
import { Section } from "@/ui/page";
import { CsvButton } from "@/ui/table";
import { MakingNow } from "./making";
import { added, changed, type Draft, type Drafts, draftsOf, findingsOf, rulesOf } from "./rules";
import { KIND_NAMES, KINDS, type Kind } from "./words";

/** The rule table, edited in place; what is wrong and where gaps are stands below it in words. */
export function RulesEditor({ history }: { history: History }) {
  const kept = draftsOf(history.rules);
  const [drafts, setDrafts] = useState<Drafts>(kept);
  const may = useMay("analyst");
  const making = useMaking();
  const { problems, gaps } = findingsOf(drafts);
  const isChanged = JSON.stringify(rulesOf(drafts)) !== JSON.stringify(rulesOf(kept));
  const set = (next: Draft) =>
    setDrafts({ ...drafts, ranges: drafts.ranges.map((each) => (each.key === next.key ? next : each)) });
  return (
    <Section
      title="Rules"
      note={
        may
          ? "Both ends belong to a range. Nothing is made until you say so; decisions go by the rules in force till then."
          : "Both ends belong to a range. It takes the role analyst to change them."
      }
      actions={
        <CsvButton
          name="voucher-rules"
          table={() => ({
            columns: ["kind", "segment", "from", "to"],
            rows: rulesOf(drafts).map(({ kind, segment, from, to }) => [kind, segment, from, to]),
          })}
        />
      }
    >
      <fieldset disabled={!may} className="min-w-0">
        <legend className="sr-only">Ranges and countries</legend>
        <div className="grid gap-x-14 gap-y-8 lg:grid-cols-2">
          {KINDS.map((kind) => (
            <Ranges
              key={kind}
              kind={kind}
              drafts={drafts.ranges.filter((each) => each.kind === kind)}
              onChange={set}
              onAdd={() => setDrafts(added(drafts, kind))}
              onRemove={({ key }) => setDrafts({ ...drafts, ranges: drafts.ranges.filter((each) => each.key !== key) })}
            />
          ))}
        </div>
        <div className="mt-6 max-w-md">
          <Field name="Countries whose history counts" note="As the file writes them, with commas between. Empty: all.">
            {(id) => (
              <Input
                id={id}
                className="w-full"
                value={drafts.countries}
                onChange={(event) => setDrafts({ ...drafts, countries: event.target.value })}
              />
            )}
          </Field>
        </div>
      </fieldset>
      <div aria-live="polite" className="mt-5 flex max-w-[80ch] flex-col gap-1">
        {problems.map((problem) => (
          <p key={problem} className="text-bad">
            {problem}
          </p>
        ))}
        {gaps.map((gap) => (
          <p key={gap} className="text-sm text-soft">
            {gap}
          </p>
        ))}
      </div>
      {may && isChanged && (
        <div className="mt-5 flex flex-wrap gap-2">
          <Button
            disabled={problems.length > 0 || making.busy}
            onClick={() => making.make({ rules: rulesOf(drafts), place: history.place })}
          >
            Make the history by these rules
          </Button>
          <Button
            look="quiet"
            onClick={() => {
              setDrafts(kept);
              making.forget();
            }}
          >
            Discard the changes
          </Button>
        </div>
      )}
      <MakingNow making={making} />
    </Section>
  );
}

function Ranges({
  kind,
  drafts,
  onChange,
  onAdd,
  onRemove,
}: {
  kind: Kind;
  drafts: readonly Draft[];
  onChange: (draft: Draft) => void;
  onAdd: () => void;
  onRemove: (draft: Draft) => void;
}) {
  const name = KIND_NAMES[kind];
  return (
    <div className="min-w-0">
      <h3 className="font-medium">{name}</h3>
      <table className="mt-2 w-full text-sm">
        <caption className="sr-only">Ranges of {name.toLowerCase()}</caption>
        <thead>
          <tr className="text-left text-soft">
            <th scope="col" className="pb-1 font-normal">
              Segment
            </th>
            <th scope="col" className="pb-1 pl-2 font-normal">
              From
            </th>
            <th scope="col" className="pb-1 pl-2 font-normal">
              To
            </th>
            <th scope="col">
              <span className="sr-only">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {drafts.map((draft) => (
            <tr key={draft.key}>
              <td className="py-1">
                <Input
                  aria-label={`${name}, name of ${draft.segment}`}
                  className="w-full min-w-0"
                  maxLength={100}
                  value={draft.segment}
                  onChange={(event) => onChange({ ...draft, segment: event.target.value })}
                />
              </td>
              {(["from", "to"] as const).map((end) => (
                <td key={end} className="w-24 py-1 pl-2">
                  <Input
                    aria-label={`${draft.segment}, ${end}`}
                    inputMode="numeric"
                    placeholder={end === "to" ? "no end" : ""}
                    className="w-full min-w-0"
                    value={draft[end]}
                    onChange={(event) => onChange(changed(draft, { [end]: event.target.value }))}
                  />
                </td>
              ))}
              <td className="w-9 py-1 pl-1">
                <Button small look="quiet" aria-label={`Remove ${draft.segment}`} onClick={() => onRemove(draft)}>
                  <Icon name="close" size={14} />
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="mt-1">
        <Button small look="quiet" className="-ml-2" onClick={onAdd}>
          <Icon name="plus" size={14} /> Add a range
        </Button>
      </div>
    </div>
  );
}
