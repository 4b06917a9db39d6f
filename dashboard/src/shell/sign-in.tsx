import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { $api, setCsrf } from "@/api/client";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";

/** For who is not signed in: a password, or the link that the server printed. */
export function SignIn() {
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = $api.useMutation("post", "/api/v1/session", {
    onSuccess: (session) => {
      setCsrf(session.csrf_token);
      queries.setQueryData(["session"], session);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ body: { email, password } });
  };
  return (
    <main className="mx-auto flex min-h-dvh max-w-[400px] flex-col justify-center px-5 py-10">
      <img src="/mark.svg" alt="" width={36} height={36} />
      <h1 className="mt-5 text-[24px] font-semibold tracking-[-0.018em]">Sign in to Holdfast</h1>
      {linkIsOver() && <LinkIsOver />}
      <form onSubmit={submit} className="mt-6 flex flex-col gap-4">
        <Field name="E-mail">
          {(id) => (
            <Input
              id={id}
              type="email"
              autoComplete="username"
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field name="Password">
          {(id) => (
            <Input
              id={id}
              type="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" look="primary" disabled={signIn.isPending}>
          {signIn.isPending ? "Signing in ..." : "Sign in"}
        </Button>
      </form>
      {signIn.error != null && (
        <div className="mt-4">
          <ErrorNotice error={signIn.error} />
        </div>
      )}
      <p className="mt-6 text-sm text-soft">
        No password yet? Whoever started the server finds a link beside its address that signs in once;{" "}
        <code className="text-ink">holdfast users link E-MAIL</code> prints another one.
      </p>
    </main>
  );
}

/** Whether the server sent us here because a link signed nobody in. */
function linkIsOver(): boolean {
  return new URLSearchParams(location.search).get("link") === "over";
}

function LinkIsOver() {
  return (
    <div role="alert" className="mt-5 rounded-lg border border-line border-l-4 border-l-bad bg-surface p-4">
      <p className="font-medium">This link does not sign in any more.</p>
      <p className="mt-1 text-soft">A link signs in once, and for a limited time.</p>
      <p className="mt-1">
        Sign in with your password, or ask for a fresh link: on the server,{" "}
        <code className="font-mono text-sm">holdfast users link E-MAIL</code> prints one, and so does starting it again.
      </p>
    </div>
  );
}
