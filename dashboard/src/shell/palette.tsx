import { Command } from "cmdk";
import { useDeferredValue, useState } from "react";
import { useLocation } from "wouter";
import { useFirstCustomers } from "@/api/customers";
import { useSession, useTenantChange } from "@/api/session";
import { Dialog } from "@/ui/dialog";
import { Icon } from "@/ui/icon";
import { PLACES } from "./places";
import { chooseTheme } from "./theme";

const ITEM = "flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-sunken";
const GROUP =
  "[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-3 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-soft";

/** Ctrl-K: to any page, customer or action by a few letters. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog title="Search" open={open} onClose={onClose} bare className="w-[min(600px,calc(100vw-2rem))]">
      <Search onClose={onClose} />
    </Dialog>
  );
}

function Search({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [, go] = useLocation();
  const session = useSession();
  const change = useTenantChange();
  const act = (what: () => void) => () => {
    onClose();
    what();
  };
  const others = session.tenants.filter((tenant) => tenant.name !== session.tenant);
  return (
    <Command label="Search" loop>
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Icon name="search" />
        <Command.Input
          data-focus-first
          value={text}
          onValueChange={setText}
          placeholder="A page, a customer's id, or something to do"
          className="h-12 flex-1 bg-transparent text-lg outline-none placeholder:text-soft"
        />
      </div>
      <Command.List className="max-h-[min(420px,60vh)] overflow-y-auto p-2">
        <Command.Empty className="px-2.5 py-6 text-soft">Nothing is called that.</Command.Empty>
        <Command.Group heading="Pages" className={GROUP}>
          {PLACES.map((place) => (
            <Command.Item
              key={place.href}
              value={`${place.name} ${place.question}`}
              onSelect={act(() => go(place.href))}
              className={ITEM}
            >
              <Icon name={place.icon} /> {place.name}
              <span className="ml-auto text-sm text-soft max-sm:hidden">{place.question}</span>
            </Command.Item>
          ))}
        </Command.Group>
        <FoundCustomers text={text} onChoose={(id) => act(() => go(`/customers/${encodeURIComponent(id)}`))()} />
        <Command.Group heading="Actions" className={GROUP}>
          <Command.Item value="add orders upload import file" onSelect={act(() => go("/start"))} className={ITEM}>
            <Icon name="file" /> Add orders
          </Command.Item>
          <Command.Item
            value="late customers at risk list export"
            onSelect={act(() => go("/customers?where=revenue_at_risk>0"))}
            className={ITEM}
          >
            <Icon name="customers" /> Customers at risk
          </Command.Item>
          <Command.Item value="light theme" onSelect={act(() => chooseTheme("light"))} className={ITEM}>
            <Icon name="sun" /> Light theme
          </Command.Item>
          <Command.Item value="dark theme" onSelect={act(() => chooseTheme("dark"))} className={ITEM}>
            <Icon name="sun" /> Dark theme
          </Command.Item>
          {others.map((tenant) => (
            <Command.Item
              key={tenant.name}
              value={`shop ${tenant.title} ${tenant.name}`}
              onSelect={act(() => void change(tenant.name).then(() => go("/")))}
              className={ITEM}
            >
              <Icon name="right" /> Go to the shop {tenant.title || tenant.name}
            </Command.Item>
          ))}
        </Command.Group>
      </Command.List>
    </Command>
  );
}

function FoundCustomers({ text, onChoose }: { text: string; onChoose: (id: string) => void }) {
  const wanted = useDeferredValue(text.trim());
  const found = useFirstCustomers(
    { search: wanted, limit: 5, columns: "net_revenue" },
    { enabled: wanted.length >= 2, retry: false },
  );
  if (wanted.length < 2 || !found.data?.items.length) return null;
  return (
    <Command.Group heading="Customers" className={GROUP}>
      {found.data.items.map((item) => {
        const id = String(item.customer_id);
        return (
          <Command.Item key={id} value={`customer ${id} ${wanted}`} onSelect={() => onChoose(id)} className={ITEM}>
            <Icon name="customers" /> {id}
          </Command.Item>
        );
      })}
    </Command.Group>
  );
}
