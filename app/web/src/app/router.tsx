import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { credential } from "@/api/session";
import { ErrorState } from "@/components/ErrorState";
import { Loading } from "@/components/Loading";
import { FEATURES } from "./features";
import { NotFound } from "./NotFound";
import { Shell } from "./Shell";
import { keepBefore, RETURN_PATH } from "./signin";
import { SignedInPage } from "./SignedInPage";
import { SignInPage } from "./SignInPage";
import { StartPage } from "./StartPage";

/** Returns the router: the sign-in for strangers, and within the shell the pages of the features. */
export function newRouter() {
  const root = createRootRoute();
  const signIn = createRoute({ getParentRoute: () => root, path: "/sign-in", component: SignInPage });
  const signedIn = createRoute({ getParentRoute: () => root, path: RETURN_PATH, component: SignedInPage });
  const shell = createRoute({
    getParentRoute: () => root,
    id: "shell",
    component: Shell,
    beforeLoad: ({ location }) => {
      if (credential() !== null) return;
      keepBefore(location.href);
      throw redirect({ to: "/sign-in" });
    },
  });
  const start = createRoute({ getParentRoute: () => shell, path: "/", component: StartPage });
  const pages = FEATURES.flatMap((feature) => feature.routes).map((route) =>
    createRoute({ getParentRoute: () => shell, path: route.path, component: lazyRouteComponent(route.page) }),
  );
  const routeTree = root.addChildren([signIn, signedIn, shell.addChildren([start, ...pages])]);
  return createRouter({
    routeTree,
    defaultPreload: "intent",
    defaultPendingComponent: Loading,
    defaultErrorComponent: ErrorState,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
}
