import { $api } from "@/api/client";
import type { components } from "@/api/schema";
import { fixed, share } from "@/format/amounts";
import { Button } from "@/ui/button";
import { Loaded, Skeleton } from "@/ui/states";
import { Table } from "@/ui/table";

type Backtest = components["schemas"]["Backtest"];

/** A model beside the one in use: their backtests, and whether it may take the place by itself. */
export function Compare({ challenger, onClose }: { challenger: string; onClose: () => void }) {
  const found = $api.useQuery("get", "/api/v1/models/compare", { params: { query: { challenger } } });
  return (
    <div className="mt-5 rounded-lg border border-line bg-surface p-5">
      <Loaded query={found} skeleton={<Skeleton className="h-40" />}>
        {(data) => {
          const rows = [data.champion, data.challenger]
            .filter(Boolean)
            .map((id) => ({ id, backtest: data.metrics[id] ?? null }));
          const ours = (backtest: Backtest | null) =>
            backtest?.table.find((row) => row.method === "this forecast")?.scores;
          return (
            <>
              <p className="flex items-start justify-between gap-4">
                <span>{data.why}</span>
                <Button small look="quiet" onClick={onClose}>
                  Close
                </Button>
              </p>
              <Table
                caption="Two models"
                rows={rows}
                rowKey={(row) => row.id}
                columns={[
                  { heading: "Model", cell: (row) => (row.id === data.champion ? `${row.id} · in use` : row.id) },
                  { heading: "AUC", numeric: true, cell: (row) => fixed(ours(row.backtest)?.auc, 3) },
                  { heading: "Log loss", numeric: true, cell: (row) => fixed(ours(row.backtest)?.log_loss, 3) },
                  { heading: "Top 10 % held", numeric: true, cell: (row) => share(ours(row.backtest)?.captured_spend) },
                  { heading: "Past dates", numeric: true, cell: (row) => row.backtest?.dates.length ?? 0 },
                ]}
              />
            </>
          );
        }}
      </Loaded>
    </div>
  );
}
