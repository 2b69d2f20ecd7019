import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, given } from "@/api/client";
import { askAnew } from "@/api/queries";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorState } from "@/components/ErrorState";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { Table, type Column } from "@/components/Table";
import { toast } from "@/components/toasts";
import { ended, isOpen, SHEETS, type Batch, type Item } from "./logic";
import { batch, download, items } from "./queries";
import { StateBadge } from "./StateBadge";
import styles from "./Reports.module.css";

export default function ReportPage() {
  const { t } = useTranslation();
  const { reportId } = useParams({ strict: false });
  const id = reportId ?? "";
  const found = useQuery(batch(id));
  if (found.isPending) return <Loading />;
  if (found.isError) {
    return (
      <Page title={t("reports.one")}>
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      </Page>
    );
  }
  return <Known of={found.data} />;
}

function Known({ of }: { of: Batch }) {
  const { t } = useTranslation();
  const act = useActions(of);
  const [removing, setRemoving] = useState(false);
  return (
    <Page
      title={of.title}
      lead={t("reports.leadOne", { date: of.as_of, purpose: t(`reports.purposes.${of.purpose}`) })}
      actions={
        <>
          {isOpen(of) && (
            <Button icon="stop" onPress={() => { act.cancel.mutate(); }} isDisabled={act.cancel.isPending}>
              {t("reports.cancel")}
            </Button>
          )}
          {of.aside > 0 && (
            <Button icon="retry" onPress={() => { act.resume.mutate(); }} isDisabled={act.resume.isPending}>
              {t("reports.resume")}
            </Button>
          )}
          <Button kind="quiet" icon="trash" onPress={() => { setRemoving(true); }}>
            {t("common.delete")}
          </Button>
        </>
      }
    >
      <Progress of={of} />
      {act.error !== null && <ErrorState error={act.error} />}
      <Together of={of} onError={act.failed} />
      <Items of={of} onError={act.failed} />
      <Dialog
        title={t("reports.remove")}
        role="alertdialog"
        open={removing}
        onClose={() => { setRemoving(false); }}
        actions={
          <>
            <Button onPress={() => { setRemoving(false); }}>{t("common.cancel")}</Button>
            <Button kind="danger" onPress={() => { act.remove.mutate(); }} isDisabled={act.remove.isPending}>
              {t("common.delete")}
            </Button>
          </>
        }
      >
        <p>{t("reports.removeHelp")}</p>
      </Dialog>
    </Page>
  );
}

function Progress({ of }: { of: Batch }) {
  const { t } = useTranslation();
  const told = t("reports.progress", { done: of.done, items: of.items, aside: of.aside });
  return (
    <Panel title={t("reports.howFar")}>
      <p>
        <StateBadge state={of.state} aside={of.aside} /> <span role="status">{told}</span>
      </p>
      <progress className={styles.progress} max={Math.max(of.items, 1)} value={ended(of)} aria-label={told} />
      {of.trouble != null && <Banner tone="warn">{t("reports.waits", { code: of.trouble })}</Banner>}
      <dl className={styles.facts}>
        <div>
          <dt>{t("reports.template")}</dt>
          <dd>
            <bdi>{of.template}</bdi> <code>{of.template_digest.slice(0, 12)}</code>
          </dd>
        </div>
        <div>
          <dt>{t("reports.asOf")}</dt>
          <dd>{of.as_of}</dd>
        </div>
        <div>
          <dt>{t("reports.batchId")}</dt>
          <dd>
            <code>{of.id}</code>
          </dd>
        </div>
      </dl>
    </Panel>
  );
}

/** What there is of the whole batch: everything in one file, the contents sheet, the grid. */
function Together({ of, onError }: { of: Batch; onError: (error: unknown) => void }) {
  const { t } = useTranslation();
  const get = (path: string, name: string) => {
    download(`/v1/reports/${of.id}/${path}`, name).catch(onError);
  };
  const sheets = SHEETS.filter((one) => of.formats.includes(one));
  return (
    <Panel title={t("reports.together")}>
      <div className={styles.files}>
        <Button icon="download" kind="primary" isDisabled={of.done === 0} onPress={() => { get("archive", `${of.template}.zip`); }}>
          {t("reports.archive")}
        </Button>
        {sheets.map((one) => (
          <Button key={one} icon="download" onPress={() => { get(`contents?format=${one}`, `contents.${one}`); }}>
            {t("reports.contents", { format: t(`reports.format.${one}`) })}
          </Button>
        ))}
        {of.grid &&
          sheets.map((one) => (
            <Button key={`grid-${one}`} icon="download" isDisabled={of.done === 0} onPress={() => { get(`grid?format=${one}`, `grid.${one}`); }}>
              {t("reports.gridFile", { format: t(`reports.format.${one}`) })}
            </Button>
          ))}
      </div>
    </Panel>
  );
}

function Items({ of, onError }: { of: Batch; onError: (error: unknown) => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const found = useInfiniteQuery(items(of.id));
  const sofar = `${of.state} ${ended(of)}`;
  useEffect(() => {
    void cache.invalidateQueries({ queryKey: ["report-items", of.id] });
  }, [cache, of.id, sofar]);
  const columns: Column<Item>[] = [
    { id: "number", title: t("reports.number"), numeric: true, cell: (row) => row.number + 1 },
    {
      id: "target",
      title: t(`reports.abouts.${of.about}`),
      heads: true,
      cell: (row) => <bdi>{row.target === "" ? t("reports.states.erased") : row.target}</bdi>,
    },
    {
      id: "state",
      title: t("reports.state"),
      cell: (row) => (
        <>
          <StateBadge state={row.state} />
          {row.code != null && (
            <p className={styles.note}>
              <code>{row.code}</code> {row.detail}
            </p>
          )}
        </>
      ),
    },
    { id: "quotes", title: t("reports.quotes"), numeric: true, cell: (row) => row.quotes },
    {
      id: "files",
      title: t("reports.files"),
      cell: (row) => (
        <div className={styles.files}>
          {row.files.map((file) => (
            <Button
              key={file.format}
              size="small"
              icon="download"
              aria-label={t("reports.downloadOf", { format: t(`reports.format.${file.format}`), target: row.target })}
              onPress={() => {
                download(`/v1/reports/${of.id}/items/${row.number}?format=${file.format}`, file.name).catch(onError);
              }}
            >
              {t(`reports.format.${file.format}`)}
            </Button>
          ))}
        </div>
      ),
    },
  ];
  return (
    <Panel title={t("reports.items")}>
      {found.isPending && <Loading />}
      {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && (
        <Table
          caption={t("reports.items")}
          captionHidden
          columns={columns}
          rows={found.data.pages.flatMap((page) => page.items)}
          rowId={(row) => String(row.number)}
        />
      )}
      {found.hasNextPage && (
        <Button onPress={() => void found.fetchNextPage()} isDisabled={found.isFetchingNextPage}>
          {t("common.more")}
        </Button>
      )}
    </Panel>
  );
}

function useActions(of: Batch) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>(null);
  const path = { params: { path: { report_id: of.id } } };
  const changed = async (next: Batch) => {
    setError(null);
    await cache.cancelQueries({ queryKey: batch(of.id).queryKey });
    cache.setQueryData(batch(of.id).queryKey, next);
    await askAnew(cache, ["report-items", of.id]);
  };
  const cancel = useMutation({
    mutationFn: () => given(api.POST("/v1/reports/{report_id}/cancel", path)),
    onSuccess: changed,
    onError: setError,
  });
  const resume = useMutation({
    mutationFn: () => given(api.POST("/v1/reports/{report_id}/resume", path)),
    onSuccess: changed,
    onError: setError,
  });
  const remove = useMutation({
    mutationFn: () => given(api.DELETE("/v1/reports/{report_id}", path)),
    onSuccess: async () => {
      await askAnew(cache, ["reports"]);
      toast(t("reports.removed"));
      await navigate({ to: "/reports" });
    },
    onError: setError,
  });
  return { cancel, resume, remove, error, failed: setError };
}
