import { useEffect } from "react";
import { ButtonLink } from "@/ui/button";
import { Icon } from "@/ui/icon";
import { CustomerView } from "../customer/view";

/** The customer's page in small, beside the list: the list stays usable, Escape closes it. */
export function Drawer({ id, onClose }: { id: string; onClose: () => void }) {
  useEffect(() => {
    const close = (event: KeyboardEvent) => event.key === "Escape" && onClose();
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, [onClose]);
  return (
    <aside
      aria-label={`Customer ${id}`}
      className="appearing quiet-scroll fixed inset-y-0 right-0 z-40 w-[min(480px,100vw)] overflow-y-auto border-l border-line bg-ground"
    >
      <div className="sticky top-0 z-10 flex items-center justify-between border-b border-line bg-ground px-5 py-2.5">
        <span className="truncate text-sm text-soft">Customer {id}</span>
        <span className="flex items-center gap-2">
          <ButtonLink small href={`/customers/${encodeURIComponent(id)}`}>
            Open
          </ButtonLink>
          <button type="button" aria-label="Close" onClick={onClose} className="rounded p-1.5 text-soft hover:text-ink">
            <Icon name="close" size={16} />
          </button>
        </span>
      </div>
      <div className="px-5 py-5">
        <CustomerView id={id} small />
      </div>
    </aside>
  );
}
