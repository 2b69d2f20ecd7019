import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";
import { names } from "./names";
import styles from "./Dialog.module.css";

/** A dialog in front of everything else. Escape, a click beside it and its cross close it; the focus goes back then. */
export function Dialog({
  title,
  open,
  onClose,
  children,
  actions,
  role = "dialog",
  wide = false,
}: {
  title: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
  actions?: ReactNode;
  /** "alertdialog" for what cannot be undone; a click beside it does not close that. */
  role?: "dialog" | "alertdialog";
  wide?: boolean;
}) {
  const { t } = useTranslation();
  return (
    <ModalOverlay
      className={styles.shade}
      isOpen={open}
      isDismissable={role === "dialog"}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Modal className={names(styles.modal, wide && styles.wide)}>
        <AriaDialog role={role} className={styles.dialog}>
          <header className={styles.head}>
            <Heading slot="title" className={styles.title}>
              {title}
            </Heading>
            <Button kind="quiet" icon="close" iconOnly onPress={onClose}>
              {t("common.close")}
            </Button>
          </header>
          <div className={styles.body}>{children}</div>
          {actions && <footer className={styles.actions}>{actions}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
