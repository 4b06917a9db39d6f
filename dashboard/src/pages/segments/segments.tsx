import { useState } from "react";
import { $api } from "@/api/client";
import type { components } from "@/api/schema";
import { count, money, share } from "@/format/amounts";
import { lastKnownDay } from "@/format/times";
import { Choice } from "@/ui/field";
import { Page, Section } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { Archetypes } from "./archetypes";
import { Grid } from "./grid";
import { Groups } from "./groups";
import { RulePreview } from "./rule-preview";
import { Rules } from "./rules";

export type AllSegments = components["schemas"]["Segments"];

/** Which groups there are, how big, and what they are worth. */
export default function Segments() {
  const segments = $api.useQuery("get", "/api/v1/segments", {});
  return (
    <Loaded
      query={segments}
      skeleton={
        <Page name="Segments" answer="Grouping customers ...">
          <Skeleton className="h-96" />
        </Page>
      }
    >
      {(data) => <Shown data={data} />}
    </Loaded>
  );
}

function Shown({ data }: { data: AllSegments }) {
  const [names, setNames] = useState<"five" | "eight">("five");
  const largest = data.rfm_groups[0];
  const answer = largest
    ? `${largest.segment} are ${share(largest.customer_share)} of ${count(data.customers)} customers and hold ${share(largest.revenue_share)} of ${money(data.revenue, data.currency)}.`
    : "There are no customers to group.";
  return (
    <Page name="Segments" answer={answer} below={`As known on ${lastKnownDay(data.as_of)}.`}>
      <Section
        title="RFM grid"
        note="Up: how lately they ordered. Along: how often and for how much. A cell leads to its customers."
        actions={
          <Choice
            label="Names of the groups"
            value={names}
            options={[
              ["five", "Ten groups"],
              ["eight", "Eight groups"],
            ]}
            onChange={setNames}
          />
        }
      >
        <Grid data={data} eight={names === "eight"} />
        <Groups
          segments={names === "eight" ? data.rfm_groups_eight : data.rfm_groups}
          grouping={names === "eight" ? "rfm_group_eight" : "rfm_group"}
          currency={data.currency}
        />
      </Section>
      <Archetypes data={data} />
      <Rules data={data} />
      <RulePreview />
    </Page>
  );
}
