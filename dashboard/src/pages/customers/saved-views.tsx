import { useState } from "react";
import { useLocation, useSearch } from "wouter";
import { useSession } from "@/api/session";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input } from "@/ui/field";
import { Menu } from "@/ui/menu";

type Views = Record<string, string>;

function read(key: string): Views {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "{}") as Views;
  } catch {
    return {};
  }
}

/** Lists under a name, kept in this browser. */
export function SavedViews() {
  const key = `holdfast.views.${useSession().tenant}`;
  const [views, setViews] = useState(() => read(key));
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState("");
  const search = useSearch();
  const [, go] = useLocation();
  const keep = (next: Views) => {
    localStorage.setItem(key, JSON.stringify(next));
    setViews(next);
  };
  const names = Object.keys(views).sort();
  const here = names.find((each) => views[each] === search);
  return (
    <>
      <Menu
        label="Saved views"
        trigger={
          <Button small className="h-8">
            {here ?? "Views"}
          </Button>
        }
        items={[
          ...names.map((each) => ({
            name: each,
            checked: each === here,
            onSelect: () => go(`/customers?${views[each]}`),
          })),
          ...(names.length ? ["line" as const] : []),
          { name: "Save this view ...", onSelect: () => setNaming(true) },
          ...(here
            ? [
                {
                  name: `Delete “${here}”`,
                  danger: true,
                  onSelect: () => keep(Object.fromEntries(Object.entries(views).filter(([each]) => each !== here))),
                },
              ]
            : []),
        ]}
      />
      <Dialog title="Save this view" open={naming} onClose={() => setNaming(false)}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            keep({ ...views, [name.trim()]: search });
            setNaming(false);
            setName("");
          }}
        >
          <Field name="Name" note="Filters, order and columns are kept, in this browser.">
            {(id) => <Input id={id} required value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <div className="mt-4 flex justify-end">
            <Button type="submit" look="primary" disabled={!name.trim()}>
              Save
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
