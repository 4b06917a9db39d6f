import { useLocation } from "wouter";
import { useSession, useTenantChange } from "@/api/session";
import { Icon } from "@/ui/icon";
import { Menu } from "@/ui/menu";

/** Which shop is looked at; the others a click away. */
export function TenantSwitch() {
  const session = useSession();
  const change = useTenantChange();
  const [, go] = useLocation();
  const here = session.tenants.find((tenant) => tenant.name === session.tenant);
  const title = here?.title || session.tenant;
  const mark = (
    <span className="flex items-center gap-2 min-w-0">
      <img src="/mark.svg" alt="" width={22} height={22} />
      <span className="truncate font-semibold">{title}</span>
    </span>
  );
  if (session.tenants.length < 2) return <div className="flex h-8 items-center px-1">{mark}</div>;
  return (
    <Menu
      label={`Shop ${title}; choose another one`}
      trigger={
        <button
          type="button"
          className="flex h-8 w-full items-center justify-between gap-2 rounded-md px-1 hover:bg-sunken"
        >
          {mark}
          <Icon name="down" size={16} />
        </button>
      }
      items={session.tenants.map((tenant) => ({
        name: tenant.title || tenant.name,
        checked: tenant.name === session.tenant,
        onSelect: () => void change(tenant.name).then(() => go("/")),
      }))}
    />
  );
}
