import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Limits, Ranking } from "@/api/actions";
import { $api } from "@/api/client";
import { useMay } from "@/api/session";
import { many } from "@/format/amounts";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/dialog";
import { ErrorNotice } from "@/ui/notice";
import { Section } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { BeforeAfter } from "./before-after";
import { type Draft, draftOf, freeName, type Play } from "./play";
import { PlayForm } from "./play-form";
import { PlayText } from "./play-text";

const NEW: Omit<Draft, "name"> = {
  where: "order_count: {min: 2}",
  what: "Write to them.",
  why: "Last order {days_since_last_order} days ago.",
  timing: "This week.",
  message: "",
  contact_cost: "0.02",
  incentive: "",
  discount: "",
  redeemed: "",
  points: "1",
  give_or_take: "1.5",
  evidence: "rule of thumb",
};

/** What is done for whom: read by everybody, changed by who may, and tried out before it is kept. */
export function PlaybookSection({ limits, before }: { limits: Limits; before: Ranking }) {
  const playbook = $api.useQuery("get", "/api/v1/playbook", {});
  const may = useMay("analyst");
  return (
    <Section
      title="Playbook"
      note={
        may
          ? "Change a play, see what that would do to the list, then keep it or let it go."
          : "It takes the role analyst to change it."
      }
      actions={playbook.data?.own && may && <Reset />}
    >
      <Loaded query={playbook} skeleton={<Skeleton className="h-96" />}>
        {({ plays }) => (
          <Editor
            key={JSON.stringify(plays)}
            plays={plays as unknown as Play[]}
            limits={limits}
            before={before}
            may={may}
          />
        )}
      </Loaded>
    </Section>
  );
}

/** Back to the playbook that every shop begins with. */
function Reset() {
  const [asking, setAsking] = useState(false);
  const refresh = useRefresh();
  const reset = $api.useMutation("delete", "/api/v1/playbook", { onSuccess: refresh });
  return (
    <>
      <Button small disabled={reset.isPending} onClick={() => setAsking(true)}>
        Back to the usual playbook
      </Button>
      <Confirm
        title="Back to the usual playbook?"
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => reset.mutate({})}
        action="Throw ours away"
      >
        The shop's own plays are thrown away, and the six every shop begins with take their place.
      </Confirm>
      {reset.error != null && <ErrorNotice error={reset.error} />}
    </>
  );
}

/** What was read of actions and playbook is old. */
function useRefresh(): () => void {
  const queries = useQueryClient();
  return () =>
    void queries.invalidateQueries({
      predicate: ({ queryKey }) => /^\/api\/v1\/(actions|playbook)$/.test(String(queryKey[1])),
    });
}

function Editor({
  plays,
  limits,
  before,
  may,
}: {
  plays: readonly Play[];
  limits: Limits;
  before: Ranking;
  may: boolean;
}) {
  const [drafts, setDrafts] = useState<readonly Draft[]>(() => plays.map(draftOf));
  const [open, setOpen] = useState<number | null>(null);
  const kept = plays.map(draftOf);
  const changed = JSON.stringify(drafts) !== JSON.stringify(kept);
  const refresh = useRefresh();
  const keep = $api.useMutation("put", "/api/v1/playbook", { onSuccess: refresh });
  const set = (at: number, draft: Draft) => setDrafts(drafts.map((each, nth) => (nth === at ? draft : each)));
  const add = () => {
    setDrafts([
      ...drafts,
      {
        ...NEW,
        name: freeName(
          drafts.map((each) => each.name),
          "New play",
        ),
      },
    ]);
    setOpen(drafts.length);
  };
  const remove = (at: number) => {
    setDrafts(drafts.filter((_, nth) => nth !== at));
    setOpen(null);
  };
  const discard = () => {
    setDrafts(kept);
    setOpen(null);
    keep.reset();
  };
  const tried = changed && (
    <BeforeAfter
      drafts={drafts}
      limits={limits}
      before={before}
      keeping={keep.isPending}
      onKeep={(written) => keep.mutate({ body: { plays: written } })}
      onDiscard={discard}
    >
      {keep.error != null && <ErrorNotice error={keep.error} />}
    </BeforeAfter>
  );
  return (
    <>
      <ul className="border-t border-line">
        {drafts.map((draft, at) => (
          <li key={at} className="border-b border-line py-4">
            {open === at ? (
              <>
                <PlayForm
                  draft={draft}
                  currency={before.currency}
                  onChange={(next) => set(at, next)}
                  onDone={() => setOpen(null)}
                  onRemove={drafts.length > 1 ? () => remove(at) : undefined}
                />
                {tried}
              </>
            ) : (
              <PlayText
                draft={draft}
                currency={before.currency}
                changed={JSON.stringify(draft) !== JSON.stringify(kept[at])}
                onEdit={may ? () => setOpen(at) : undefined}
              />
            )}
          </li>
        ))}
      </ul>
      {may && (
        <div className="mt-4">
          <Button small onClick={add}>
            Add a play
          </Button>
        </div>
      )}
      {open === null && tried}
      {!changed && (
        <p className="mt-3 text-xs text-soft">{many(plays.length, "play")}; the one that earns most is taken.</p>
      )}
    </>
  );
}
