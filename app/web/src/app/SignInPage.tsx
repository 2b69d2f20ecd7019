import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, given } from "@/api/client";
import { dropCredential, keepCredential } from "@/api/session";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { TextField } from "@/components/Field";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { PreferencesMenu } from "./PreferencesMenu";
import { goToIssuer, takeBefore } from "./signin";
import styles from "./SignInPage.module.css";

const configuration = queryOptions({
  queryKey: ["sign-in"],
  queryFn: ({ signal }) => given(api.GET("/v1/identity/configuration", { signal })),
});

/** What stands around the pages of strangers. */
export function Outside({ children }: { children: ReactNode }) {
  return (
    <div className={styles.outside}>
      <header className={styles.bar}>
        <img src="/favicon.svg" alt="" width={28} height={28} />
        <span className={styles.brand}>Consilium</span>
        <PreferencesMenu />
      </header>
      <main>{children}</main>
    </div>
  );
}

export function SignInPage() {
  const { t } = useTranslation();
  const { expired } = useSearch({ strict: false });
  const { data, error, refetch } = useQuery(configuration);
  const issuer = useMutation({ mutationFn: goToIssuer });
  return (
    <Outside>
      <Page title={t("signIn.title")} lead={t("signIn.lead")}>
        {expired && <Banner tone="warn">{t("signIn.expired")}</Banner>}
        {error && <ErrorState error={error} onRetry={() => void refetch()} />}
        {data?.issuer && data.client_id && (
          <Panel title={t("signIn.people")}>
            <p>{t("signIn.peopleHelp")}</p>
            <div>
              <Button
                kind="primary"
                isPending={issuer.isPending}
                onPress={() => {
                  issuer.mutate(data);
                }}
              >
                {t("signIn.go")}
              </Button>
            </div>
            {issuer.error && <ErrorState error={issuer.error} />}
          </Panel>
        )}
        <Panel title={t("signIn.token")}>
          <TokenForm />
        </Panel>
      </Page>
    </Outside>
  );
}

function TokenForm() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [value, setValue] = useState("");
  const enter = useMutation({
    mutationFn: async (token: string) => {
      const to = takeBefore();
      keepCredential(token);
      try {
        await given(api.GET("/v1/me"));
      } catch (error) {
        dropCredential();
        throw error;
      }
      return to;
    },
    onSuccess: (to) => navigate({ to, replace: true }),
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (value.trim() !== "") enter.mutate(value.trim());
      }}
    >
      <TextField
        label={t("signIn.tokenLabel")}
        hint={t("signIn.tokenHint")}
        value={value}
        onChange={setValue}
        type="password"
        autoComplete="off"
        required
      />
      <div>
        <Button kind="primary" type="submit" isPending={enter.isPending}>
          {t("signIn.enter")}
        </Button>
      </div>
      {enter.error && <ErrorState error={enter.error} />}
    </form>
  );
}
