import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { I18nProvider, RouterProvider as AriaRouter } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { onSessionChange } from "@/api/session";
import { newQueryClient } from "@/api/queries";
import { newRouter } from "./router";

export function App() {
  const { i18n } = useTranslation();
  const [queries] = useState(newQueryClient);
  const [router] = useState(newRouter);
  // What one person was shown is not there for the next.
  useEffect(
    () =>
      onSessionChange(() => {
        queries.clear();
      }),
    [queries],
  );
  return (
    <I18nProvider locale={i18n.language}>
      <AriaRouter navigate={(to) => void router.navigate({ to })}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AriaRouter>
    </I18nProvider>
  );
}
