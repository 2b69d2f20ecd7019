import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Banner } from "@/components/Banner";
import { ErrorState } from "@/components/ErrorState";
import { LinkButton } from "@/components/Link";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { SignInError, takeAnswer, takeBefore } from "./signin";
import { Outside } from "./SignInPage";

/** Where the issuer sends people back to. */
export function SignedInPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>(null);
  const begun = useRef(false); // a code is good for one exchange, and React's strict mode would make two
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    const answer = window.location.search;
    window.history.replaceState(null, "", window.location.pathname);
    takeAnswer(answer)
      .then(() => navigate({ to: takeBefore(), replace: true }))
      .catch(setError);
  }, [navigate]);
  return (
    <Outside>
      <Page title={t("signIn.title")}>
        {error === null ? (
          <Loading label={t("signIn.finishing")} />
        ) : (
          <>
            {error instanceof SignInError ? (
              <Banner tone="bad" role="alert">
                {t(`signIn.${error.kind}`)}
              </Banner>
            ) : (
              <ErrorState error={error} />
            )}
            <div>
              <LinkButton to="/sign-in">{t("signIn.again")}</LinkButton>
            </div>
          </>
        )}
      </Page>
    </Outside>
  );
}
