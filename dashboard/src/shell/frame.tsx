import clsx from "clsx";
import { type ReactNode, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { useRefreshAfterJobs } from "@/api/jobs";
import { Icon } from "@/ui/icon";
import { BottomBar } from "./bottom-bar";
import { Freshness } from "./freshness";
import { Palette } from "./palette";
import { Person } from "./person";
import { isHere, PLACES } from "./places";
import { TenantSwitch } from "./tenant-switch";

/** What stands around every page: rail, tenant, search, freshness and jobs; on a phone a bar at the bottom. */
export function Frame({ children }: { children: ReactNode }) {
  const [searching, setSearching] = useState(false);
  const [path] = useLocation();
  useRefreshAfterJobs();
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setSearching(true);
    };
    addEventListener("keydown", open);
    return () => removeEventListener("keydown", open);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page begins at its top
  useEffect(() => void scrollTo(0, 0), [path]);
  return (
    <div className="flex min-h-dvh">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded focus:bg-surface focus:px-3 focus:py-2"
      >
        Skip to the page
      </a>
      <aside className="sticky top-0 flex h-dvh w-[216px] shrink-0 flex-col border-r border-line bg-ground px-3 py-4 max-md:hidden">
        <TenantSwitch />
        <SearchButton onClick={() => setSearching(true)} />
        <nav aria-label="Pages" className="mt-4 flex flex-col gap-0.5">
          {PLACES.map((place) => (
            <Link
              key={place.href}
              href={place.href}
              aria-current={isHere(place, path) ? "page" : undefined}
              className={clsx(
                "flex h-8 items-center gap-2.5 rounded-md px-2",
                isHere(place, path) ? "bg-sunken font-medium text-ink" : "text-soft hover:bg-sunken hover:text-ink",
              )}
            >
              <Icon name={place.icon} /> {place.name}
            </Link>
          ))}
        </nav>
        <div className="mt-auto flex flex-col gap-3">
          <Freshness />
          <Person />
        </div>
      </aside>
      <div className="min-w-0 flex-1 pb-20 md:pb-8">
        <header className="flex items-center justify-between border-b border-line px-4 py-2 md:hidden">
          <TenantSwitch />
          <div className="flex items-center gap-1">
            <button
              type="button"
              aria-label="Search"
              className="rounded p-2 text-soft"
              onClick={() => setSearching(true)}
            >
              <Icon name="search" />
            </button>
            <Person small />
          </div>
        </header>
        {children}
      </div>
      <BottomBar />
      <Palette open={searching} onClose={() => setSearching(false)} />
    </div>
  );
}

function SearchButton({ onClick }: { onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="mt-3 flex h-8 items-center gap-2 rounded-md border border-line bg-surface px-2 text-sm text-soft hover:border-line-strong"
    >
      <Icon name="search" size={15} /> Search
      <kbd className="ml-auto font-sans text-xs">⌘K</kbd>
    </button>
  );
}
