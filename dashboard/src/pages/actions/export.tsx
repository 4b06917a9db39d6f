import { useState } from "react";
import type { Limits } from "@/api/actions";
import { download } from "@/api/client";
import { useMay } from "@/api/session";
import { Button } from "@/ui/button";
import { ErrorNotice } from "@/ui/notice";
import { writeLimits } from "./asked";

/** The whole list as a file, within the limits that are shown. */
export function Export({ limits, customers }: { limits: Limits; customers: number }) {
  const may = useMay("viewer");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const get = async () => {
    const query = writeLimits(limits);
    query.set("format", "csv");
    setBusy(true);
    setError(null);
    await download(`/api/v1/actions?${query}`, "actions.csv").catch(setError);
    setBusy(false);
  };
  return (
    <div className="flex flex-col items-end gap-2">
      <Button disabled={!may || busy || customers === 0} onClick={() => void get()}>
        {busy ? "Writing the file ..." : "Export this list"}
      </Button>
      {error !== null && <ErrorNotice error={error} />}
    </div>
  );
}
