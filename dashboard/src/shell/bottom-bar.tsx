import clsx from "clsx";
import { Link, useLocation } from "wouter";
import { Icon, type IconName } from "@/ui/icon";
import { Menu } from "@/ui/menu";
import { isHere, PLACES } from "./places";

const ON_THE_WAY = 4;

/** On a phone: the pages that people need on the way, and a menu of the others. */
export function BottomBar() {
  const [path, go] = useLocation();
  const others = PLACES.slice(ON_THE_WAY);
  return (
    <nav
      aria-label="Pages"
      className="fixed inset-x-0 bottom-0 z-30 grid grid-cols-5 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {PLACES.slice(0, ON_THE_WAY).map((place) => (
        <Link
          key={place.href}
          href={place.href}
          aria-current={isHere(place, path) ? "page" : undefined}
          className={look(isHere(place, path))}
        >
          <Label icon={place.icon} name={place.name} />
        </Link>
      ))}
      <Menu
        label="More pages"
        trigger={
          <button type="button" className={look(others.some((place) => isHere(place, path)))}>
            <Label icon="more" name="More" />
          </button>
        }
        items={others.map((place) => ({
          name: place.name,
          checked: isHere(place, path),
          onSelect: () => go(place.href),
        }))}
      />
    </nav>
  );
}

function Label({ icon, name }: { icon: IconName; name: string }) {
  return (
    <>
      <Icon name={icon} size={20} /> {name}
    </>
  );
}

function look(here: boolean): string {
  return clsx(
    "flex h-14 flex-col items-center justify-center gap-0.5 text-[11px]",
    here ? "text-accent font-medium" : "text-soft",
  );
}
