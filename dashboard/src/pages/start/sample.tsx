import { useMutation } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { api } from "@/api/client";
import { useJobStarted } from "@/api/jobs";
import { Refusal } from "@/api/problem";
import { useMay, useTenantChange } from "@/api/session";
import { Button } from "@/ui/button";
import { ErrorNotice } from "@/ui/notice";

const SAMPLE = "sample";

/** An operator's sample gets a shop of its own, so that it never mixes with real orders; another's goes into theirs. */
async function makeSample(inOwnTenant: boolean, change: (name: string) => Promise<void>): Promise<string | null> {
  if (inOwnTenant) {
    try {
      await api.POST("/api/v1/tenants", { body: { name: SAMPLE, title: "Sample shop", settings: {} } });
    } catch (error) {
      if (!(error instanceof Refusal && error.problem.status === 409)) throw error;
    }
    await change(SAMPLE);
  }
  try {
    const { data } = await api.POST("/api/v1/imports/sample");
    return data?.subject ?? null;
  } catch (error) {
    if (inOwnTenant && error instanceof Refusal && error.problem.status === 409) return null; // it is there already
    throw error;
  }
}

/** One click to a filled page. */
export function TrySample() {
  const operator = useMay("operator");
  const analyst = useMay("analyst");
  const change = useTenantChange();
  const started = useJobStarted();
  const [, go] = useLocation();
  const make = useMutation({
    mutationFn: () => makeSample(operator, change),
    onSuccess: (subject) => {
      started();
      go(subject ? `/start/${subject}` : "/");
    },
  });
  return (
    <div>
      <Button onClick={() => make.mutate()} disabled={make.isPending || !analyst}>
        {make.isPending ? "Inventing 5,000 customers ..." : "Try a sample shop"}
      </Button>
      {make.error != null && (
        <div className="mt-4">
          <ErrorNotice error={make.error} />
        </div>
      )}
    </div>
  );
}
