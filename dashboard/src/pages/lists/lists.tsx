import { Link } from "wouter";
import { $api } from "@/api/client";
import { type ActionList, isOpen, STATES } from "@/api/lists";
import { count, fixed, many, sign } from "@/format/amounts";
import { day, moment } from "@/format/times";
import { ButtonLink } from "@/ui/button";
import { ErrorNotice } from "@/ui/notice";
import { Page } from "@/ui/page";
import { Empty, Skeleton } from "@/ui/states";
import { Table } from "@/ui/table";

/** Every list that was drawn, the newest first. */
export default function Lists() {
  const found = $api.useQuery("get", "/api/v1/action-lists", { params: { query: { limit: 200 } } });
  if (found.error)
    return (
      <Page name="Action lists" answer="The lists cannot be read.">
        <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />
      </Page>
    );
  if (!found.data)
    return (
      <Page name="Action lists" answer="Reading the lists ...">
        <div role="status" aria-label="Loading">
          <Skeleton className="h-64" />
        </div>
      </Page>
    );
  const lists = found.data.items;
  return (
    <Page
      name="Action lists"
      answer={inWords(lists)}
      actions={lists.length > 0 && <ButtonLink href="/actions">Draw another list</ButtonLink>}
    >
      {lists.length ? (
        <All lists={lists} />
      ) : (
        <Empty
          title="A list is who to treat, and who of them to leave alone at random."
          action={
            <ButtonLink look="primary" href="/actions">
              Go to Actions
            </ButtonLink>
          }
        >
          Draw one from the ranking of actions. What it did is counted here once it was sent.
        </Empty>
      )}
    </Page>
  );
}

function inWords(lists: readonly ActionList[]): string {
  if (!lists.length) return "No list was drawn yet.";
  const open = lists.filter(isOpen);
  if (!open.length) return `${many(lists.length, "list")}, none of them open.`;
  const people = open.reduce((sum, list) => sum + list.totals.customers, 0);
  return `${many(open.length, "list is", "lists are")} open, with ${many(people, "customer")} on ${open.length === 1 ? "it" : "them"}.`;
}

function All({ lists }: { lists: readonly ActionList[] }) {
  const currency = lists[0]?.currency;
  return (
    <Table
      caption="Action lists"
      rows={lists}
      rowKey={(list) => list.id}
      columns={[
        {
          heading: "Name",
          cell: (list) => (
            <Link href={`/actions/lists/${list.id}`} className="link">
              {list.name}
            </Link>
          ),
        },
        { heading: "State", cell: (list) => STATES[list.state].name },
        { heading: "Treated", numeric: true, cell: (list) => count(list.totals.treated) },
        { heading: "Left alone", numeric: true, wideOnly: true, cell: (list) => count(list.totals.held_out) },
        {
          heading: `Expected profit, ${sign(currency)}`,
          numeric: true,
          wideOnly: true,
          cell: (list) => fixed(list.totals.profit, 0),
        },
        { heading: "Sent", wideOnly: true, cell: (list) => (list.sent_on ? day(list.sent_on) : "not yet") },
        { heading: "Drawn", wideOnly: true, cell: (list) => moment(list.created_at) },
      ]}
    />
  );
}
