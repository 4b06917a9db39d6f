import { useState } from "react";
import { $api } from "@/api/client";
import type { components } from "@/api/schema";
import { count, money, share } from "@/format/amounts";
import { lastKnownDay } from "@/format/times";
import { ButtonLink } from "@/ui/button";
import { Choice } from "@/ui/field";
import { LoadedPage } from "@/ui/loaded-page";
import { Page, Section } from "@/ui/page";
import { Empty } from "@/ui/states";
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
    <LoadedPage
      query={segments}
      name="Segments"
      waiting="Grouping customers ..."
      failed="The customers cannot be grouped."
      empty={() => (
        <Empty
          title="Groups of customers by how lately, how often and for how much they ordered"
          action={
            <ButtonLink look="primary" href="/start">
              Add orders
            </ButtonLink>
          }
        >
          For instance “Champions are 16 % of 5,000 customers and hold 57 % of £3,354,319.”
        </Empty>
      )}
    >
      {(data) => <Shown data={data} />}
    </LoadedPage>
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
