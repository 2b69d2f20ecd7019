import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, given, type Schema } from "@/api/client";
import { askAnew } from "@/api/queries";
import { shownDate } from "@/app/language";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Loading } from "@/components/Loading";
import { SourceText } from "@/components/SourceText";
import { resume } from "./store";
import styles from "./HistoryDialog.module.css";

const A_PAGE = 20;

/** Returns the cursor in a link to a next page. */
function cursorIn(next: string | null | undefined): string | undefined {
  return next ? (new URL(next, window.location.origin).searchParams.get("cursor") ?? undefined) : undefined;
}

/** One's own conversations, the newest first: to read on, go on, or remove. */
export function HistoryDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetching } = useInfiniteQuery({
    queryKey: ["conversations"],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: A_PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) };
      return given(api.GET("/v1/conversations", { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => cursorIn(last.next),
    staleTime: 0,
  });
  const open = useMutation({ mutationFn: resume, onSuccess: onClose });
  const all = data?.pages.flatMap((page) => page.conversations) ?? [];
  return (
    <Dialog title={t("ask.history.title")} open onClose={onClose} wide>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {open.error && <ErrorState error={open.error} />}
      {data === undefined && !error && <Loading />}
      {data !== undefined && all.length === 0 && (
        <EmptyState title={t("ask.history.empty")}>{t("ask.history.emptyHelp")}</EmptyState>
      )}
      <ul className={styles.list}>
        {all.map((one) => (
          <Row
            key={one.id}
            conversation={one}
            onOpen={() => {
              open.mutate(one.id);
            }}
          />
        ))}
      </ul>
      {hasNextPage && (
        <div>
          <Button isPending={isFetching} onPress={() => void fetchNextPage()}>
            {t("common.more")}
          </Button>
        </div>
      )}
    </Dialog>
  );
}

function Row({ conversation, onOpen }: { conversation: Schema<"ConversationView">; onOpen: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [sure, setSure] = useState(false);
  const path = { conversation_id: conversation.id };
  const first = useQuery({
    queryKey: ["conversation", conversation.id, "first"],
    queryFn: ({ signal }) =>
      given(
        api.GET("/v1/conversations/{conversation_id}/messages", { params: { path, query: { limit: 1 } }, signal }),
      ),
    retry: false,
  });
  const remove = useMutation({
    mutationFn: () => given(api.DELETE("/v1/conversations/{conversation_id}", { params: { path } })),
    onSuccess: () => askAnew(queries, ["conversations"]),
  });
  const question = first.data?.messages[0]?.question;
  const title = first.error ? t("ask.history.closed") : first.data ? t("ask.history.nothing") : t("common.loading");
  return (
    <li className={styles.row}>
      <div className={styles.what}>
        <p className={styles.question}>{question === undefined ? title : <SourceText text={question} />}</p>
        <p className={styles.meta}>
          <span>{shownDate(conversation.created_at, { dateStyle: "medium", timeStyle: "short" })}</span>
          {conversation.subjects.map((one) => (
            <Badge key={one} icon="person">
              <SourceText text={one} />
            </Badge>
          ))}
          {conversation.as_of && <Badge icon="calendar">{t("ask.asOf", { date: shownDate(conversation.as_of) })}</Badge>}
          <span>{t(`ask.purposes.${conversation.purpose}`, { defaultValue: conversation.purpose })}</span>
        </p>
        {remove.error && <ErrorState error={remove.error} />}
      </div>
      <div className={styles.actions}>
        <Button size="small" isDisabled={question === undefined} onPress={onOpen}>
          {t("ask.history.open")}
        </Button>
        <Button
          size="small"
          kind={sure ? "danger" : "quiet"}
          icon="trash"
          isPending={remove.isPending}
          onPress={() => {
            if (sure) remove.mutate();
            else setSure(true);
          }}
        >
          {sure ? t("ask.history.sure") : t("common.delete")}
        </Button>
      </div>
    </li>
  );
}
