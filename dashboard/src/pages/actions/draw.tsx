import { useLocation } from "wouter";
import type { Limits } from "@/api/actions";
import { $api } from "@/api/client";
import { useListsChanged } from "@/api/lists";
import { useMay } from "@/api/session";
import { Button } from "@/ui/button";
import { ErrorNotice } from "@/ui/notice";

/** The list that is shown, kept as a draft with some of its customers left alone at random. */
export function Draw({ limits, customers }: { limits: Limits; customers: number }) {
  const may = useMay("analyst");
  const [, go] = useLocation();
  const changed = useListsChanged();
  const draw = $api.useMutation("post", "/api/v1/action-lists", {
    onSuccess: (list) => {
      changed();
      go(`/actions/lists/${list.id}`);
    },
  });
  return (
    <>
      <Button
        look="primary"
        disabled={!may || draw.isPending || customers === 0}
        title={may ? undefined : "It takes the role analyst."}
        onClick={() => draw.mutate({ body: { name: "", ...limits } })}
      >
        {draw.isPending ? "Drawing ..." : "Draw this list"}
      </Button>
      {draw.error && <ErrorNotice error={draw.error} />}
    </>
  );
}
