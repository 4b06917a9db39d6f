import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { Route, Switch } from "wouter";
import { whenSignedOut } from "./api/client";
import { readSession, SessionContext } from "./api/session";
import { Frame } from "./shell/frame";
import { SignIn } from "./shell/sign-in";
import { ButtonLink } from "./ui/button";
import { ErrorNotice } from "./ui/notice";
import { Page } from "./ui/page";
import { Empty, Skeleton } from "./ui/states";

const Home = lazy(() => import("./pages/home/home"));
const Start = lazy(() => import("./pages/start/start"));
const Customers = lazy(() => import("./pages/customers/customers"));
const Customer = lazy(() => import("./pages/customer/customer"));
const Segments = lazy(() => import("./pages/segments/segments"));
const Actions = lazy(() => import("./pages/actions/actions"));
const Lists = lazy(() => import("./pages/lists/lists"));
const List = lazy(() => import("./pages/lists/list"));
const Forecast = lazy(() => import("./pages/forecast/forecast"));
const Vouchers = lazy(() => import("./pages/vouchers/vouchers"));
const Products = lazy(() => import("./pages/products/products"));
const Data = lazy(() => import("./pages/data/data"));
const Models = lazy(() => import("./pages/models/models"));
const Settings = lazy(() => import("./pages/settings/settings"));

export function App() {
  const queries = useQueryClient();
  const session = useQuery({ queryKey: ["session"], queryFn: readSession, staleTime: 60_000 });
  useEffect(() => whenSignedOut(() => queries.setQueryData(["session"], null)), [queries]);
  const signedIn = Boolean(session.data);
  useEffect(() => {
    if (signedIn && location.search === "?link=over") history.replaceState(null, "", "/");
  }, [signedIn]);
  if (session.error) {
    return (
      <div className="p-8">
        <ErrorNotice error={session.error} onRetry={() => session.refetch()} />
      </div>
    );
  }
  if (session.data === undefined) return null;
  if (session.data === null) return <SignIn />;
  return (
    <SessionContext value={session.data}>
      <Frame>
        <Suspense fallback={<Coming />}>
          <Switch>
            <Route path="/" component={Home} />
            <Route path="/start" component={Start} />
            <Route path="/start/:id" component={Start} />
            <Route path="/customers" component={Customers} />
            <Route path="/customers/*" component={Customer} />
            <Route path="/segments" component={Segments} />
            <Route path="/actions" component={Actions} />
            <Route path="/actions/lists" component={Lists} />
            <Route path="/actions/lists/:id" component={List} />
            <Route path="/forecast" component={Forecast} />
            <Route path="/vouchers" component={Vouchers} />
            <Route path="/products" component={Products} />
            <Route path="/data" component={Data} />
            <Route path="/models" component={Models} />
            <Route path="/settings" component={Settings} />
            <Route component={Nowhere} />
          </Switch>
        </Suspense>
      </Frame>
    </SessionContext>
  );
}

function Coming() {
  return (
    <div className="mx-auto w-full max-w-[1120px] px-5 py-9 md:px-9" role="status" aria-label="Loading">
      <Skeleton className="h-4 w-20" />
      <Skeleton className="mt-3 h-9 w-[32rem] max-w-full" />
      <Skeleton className="mt-9 h-64 w-full" />
    </div>
  );
}

function Nowhere() {
  return (
    <Page name="Not found" answer="There is no such page.">
      <Empty
        title="The address may have changed, or was mistyped."
        action={<ButtonLink href="/">Go to Home</ButtonLink>}
      />
    </Page>
  );
}
