import { useMay, useSession } from "@/api/session";
import { many } from "@/format/amounts";
import { Page } from "@/ui/page";
import { Audit } from "./audit";
import { Erase } from "./erase";
import { Keys } from "./keys";
import { Members } from "./members";
import { Password } from "./password";
import { ShopSettings } from "./shop-settings";
import { Tenants } from "./tenants";
import { Webhook } from "./webhook";

/** Who may do what, and how this shop is set. */
export default function Settings() {
  const session = useSession();
  const admin = useMay("admin");
  const operator = useMay("operator");
  const who = session.user?.name || session.user?.email || session.actor;
  return (
    <Page
      name="Settings"
      answer={`You are ${who}, ${session.role} in ${session.tenant}${session.tenants.length > 1 ? `, one of ${many(session.tenants.length, "shop")} you may act in` : ""}.`}
      below={admin ? undefined : "Members, keys, the audit log and erasing take the role admin."}
    >
      {session.user && <Password />}
      {admin && (
        <>
          <ShopSettings />
          <Members />
          <Keys />
          <Webhook />
          <Erase />
          <Audit />
        </>
      )}
      {operator && <Tenants />}
    </Page>
  );
}
