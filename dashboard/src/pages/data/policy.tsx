import { useState } from "react";
import { $api } from "@/api/client";
import { useJobStarted } from "@/api/jobs";
import { useMay } from "@/api/session";
import { capital } from "@/format/words";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";
import { Facts, Section } from "@/ui/page";

type Preset = "default" | "simple" | "none";

const PRESETS: readonly (readonly [Preset, string])[] = [
  ["default", "Default: returns undo their sale, fees are marked"],
  ["simple", "Simple: only positive lines of known customers"],
  ["none", "None: keep all that can be read"],
];

/** The rules that lines were judged by; another preset cleans all imports anew. */
export function Policy({ policy }: { policy: { [rule: string]: unknown } }) {
  const name = String(policy.name ?? "default");
  const [wanted, setWanted] = useState<Preset>(name === "simple" || name === "none" ? name : "default");
  const start = $api.useMutation("post", "/api/v1/jobs", { onSuccess: useJobStarted() });
  const may = useMay("analyst");
  const rules = Object.entries(policy).filter(([rule]) => rule !== "name");
  return (
    <Section title="Cleaning policy" note="By these rules every line was judged.">
      <Facts
        items={rules.map(
          ([rule, value]) =>
            [
              capital(rule.replaceAll("_", " ")),
              Array.isArray(value) ? value.join(", ") || "none" : String(value),
            ] as const,
        )}
      />
      {may && (
        <div className="mt-5 flex flex-wrap items-center gap-2">
          <Select aria-label="Policy" value={wanted} onChange={(event) => setWanted(event.target.value as Preset)}>
            {PRESETS.map(([preset, words]) => (
              <option key={preset} value={preset}>
                {words}
              </option>
            ))}
          </Select>
          <Button
            disabled={start.isPending || wanted === name}
            onClick={() =>
              start.mutate({
                body: {
                  kind: "rebuild",
                  label: `policy ${wanted}`,
                  priority: 5,
                  arguments: { policy: wanted, rules: {} },
                },
              })
            }
          >
            Clean anew
          </Button>
        </div>
      )}
      {start.error != null && <ErrorNotice error={start.error} />}
    </Section>
  );
}
