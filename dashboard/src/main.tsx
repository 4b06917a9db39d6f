import "./tokens.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ATTEMPTS, PAUSE_MS } from "./api/client";
import { passes } from "./api/problem";
import { App } from "./app";

/** What is being prepared is asked for again; everything else fails at once, with its reason. */
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => passes(error) && failures < ATTEMPTS,
      retryDelay: PAUSE_MS,
    },
  },
});

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
