import { useId, useState, type ReactNode } from "react";
import {
  Button as AriaButton,
  ComboBox as AriaComboBox,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
  Text,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
  type Key,
} from "react-aria-components";
import { Icon } from "./Icon";
import { names } from "./names";
import styles from "./Field.module.css";

interface Common {
  label: string;
  hint?: string;
  error?: string;
  /** Keeps the label for screen readers alone. */
  labelHidden?: boolean;
  className?: string;
}

interface TextProps extends Common {
  value: string;
  onChange: (value: string) => void;
  required?: boolean;
  disabled?: boolean;
  maxLength?: number;
  placeholder?: string;
  name?: string;
  autoComplete?: string;
  type?: "text" | "password" | "search" | "number" | "email" | "url";
}

export function TextField({ label, hint, error, labelHidden, className, value, onChange, required, disabled, ...input }: TextProps) {
  return (
    <AriaTextField
      className={names(styles.field, className)}
      value={value}
      onChange={onChange}
      isRequired={required ?? false}
      isDisabled={disabled ?? false}
      isInvalid={error !== undefined}
      type={input.type ?? "text"}
      {...(input.name ? { name: input.name } : {})}
      {...(input.autoComplete ? { autoComplete: input.autoComplete } : {})}
      {...(input.maxLength ? { maxLength: input.maxLength } : {})}
    >
      <Label className={labelHidden ? "visually-hidden" : styles.label}>{label}</Label>
      <Input className={styles.input} dir="auto" placeholder={input.placeholder} />
      {hint && <Text slot="description" className={styles.hint}>{hint}</Text>}
      <FieldError className={styles.error}>{error}</FieldError>
    </AriaTextField>
  );
}

export function TextArea({
  label,
  hint,
  error,
  labelHidden,
  className,
  value,
  onChange,
  required,
  disabled,
  rows = 4,
  maxLength,
  placeholder,
  ref,
  onKeyDown,
}: Omit<TextProps, "type"> & {
  rows?: number;
  ref?: React.Ref<HTMLTextAreaElement>;
  onKeyDown?: React.KeyboardEventHandler<HTMLTextAreaElement>;
}) {
  return (
    <AriaTextField
      className={names(styles.field, className)}
      value={value}
      onChange={onChange}
      isRequired={required ?? false}
      isDisabled={disabled ?? false}
      isInvalid={error !== undefined}
      {...(maxLength ? { maxLength } : {})}
    >
      <Label className={labelHidden ? "visually-hidden" : styles.label}>{label}</Label>
      <AriaTextArea
        ref={ref ?? null}
        className={names(styles.input, styles.area)}
        dir="auto"
        rows={rows}
        placeholder={placeholder}
        onKeyDown={onKeyDown}
      />
      {hint && <Text slot="description" className={styles.hint}>{hint}</Text>}
      <FieldError className={styles.error}>{error}</FieldError>
    </AriaTextField>
  );
}

/** A day, in the browser's own control: it knows the reader's calendar and keyboard. */
export function DateField({
  label,
  hint,
  labelHidden,
  className,
  value,
  onChange,
  min,
  max,
}: Common & { value: string; onChange: (value: string) => void; min?: string; max?: string }) {
  const id = useId();
  return (
    <div className={names(styles.field, className)}>
      <label htmlFor={id} className={labelHidden ? "visually-hidden" : styles.label}>{label}</label>
      <input
        id={id}
        type="date"
        className={styles.input}
        value={value}
        min={min}
        max={max}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
      {hint && <span id={`${id}-hint`} className={styles.hint}>{hint}</span>}
    </div>
  );
}

export interface Option {
  id: string;
  label: string;
  /** A second line. */
  note?: string;
  /** What a ComboBox holds when this is chosen; the label unless it is given. */
  text?: string;
}

export function Select({
  label,
  hint,
  labelHidden,
  className,
  value,
  onChange,
  options,
  disabled,
}: Common & { value: string; onChange: (value: string) => void; options: readonly Option[]; disabled?: boolean }) {
  return (
    <AriaSelect
      className={names(styles.field, className)}
      value={value}
      isDisabled={disabled ?? false}
      onChange={(key: Key | null) => {
        onChange(String(key ?? ""));
      }}
    >
      <Label className={labelHidden ? "visually-hidden" : styles.label}>{label}</Label>
      <AriaButton className={names(styles.input, styles.choice)}>
        <SelectValue className={styles.chosen} />
        <Icon name="down" size={16} />
      </AriaButton>
      {hint && <Text slot="description" className={styles.hint}>{hint}</Text>}
      <Popover className={styles.popover}>
        <ListBox className={styles.list} items={options.map((one) => ({ ...one }))}>
          {(item) => <Choice option={item} />}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

/** A text that is mostly one of many, searched as it is typed; one that is not listed may stand as well. */
export function ComboBox({
  label,
  hint,
  labelHidden,
  className,
  inputValue,
  onInputChange,
  onChoose,
  onCommit,
  options,
  placeholder,
  empty,
}: Common & {
  inputValue: string;
  onInputChange: (value: string) => void;
  onChoose: (id: string) => void;
  /** What was typed is to stand, though nothing was chosen: Enter, or going elsewhere. */
  onCommit?: () => void;
  options: readonly Option[];
  placeholder?: string;
  /** What is shown where nothing matches. */
  empty: ReactNode;
}) {
  // The list closes when the choice changes; while it is open, the rest of the page is hidden from screen readers.
  const [chosen, setChosen] = useState<Key | null>(null);
  return (
    <AriaComboBox
      className={names(styles.field, className)}
      items={options.map((one) => ({ ...one }))}
      inputValue={inputValue}
      onInputChange={onInputChange}
      onChange={(key: Key | null) => {
        setChosen(key);
        if (key !== null) onChoose(String(key));
      }}
      value={chosen}
      menuTrigger="focus"
      {...(onCommit ? { onBlur: onCommit } : {})}
      allowsCustomValue
      allowsEmptyCollection
    >
      <Label className={labelHidden ? "visually-hidden" : styles.label}>{label}</Label>
      <div className={styles.combo}>
        <Input
          className={styles.input}
          dir="auto"
          placeholder={placeholder}
          onKeyDownCapture={(event) => {
            // Enter on a line of the list chooses that line instead.
            if (event.key === "Enter" && !event.currentTarget.getAttribute("aria-activedescendant")) onCommit?.();
          }}
        />
        <AriaButton className={styles.open}>
          <Icon name="down" size={16} />
        </AriaButton>
      </div>
      {/* A hint that may come later is there from the start, empty: a field is described by what it began with. */}
      {hint !== undefined && <Text slot="description" className={styles.hint}>{hint}</Text>}
      <Popover className={styles.popover}>
        <ListBox className={styles.list} renderEmptyState={() => <div className={styles.empty}>{empty}</div>}>
          {(item: Option) => <Choice option={item} text={item.text ?? item.label} />}
        </ListBox>
      </Popover>
    </AriaComboBox>
  );
}

function Choice({ option, text = option.label }: { option: Option; text?: string }) {
  return (
    <ListBoxItem id={option.id} textValue={text} className={styles.item}>
      <Text slot="label" className={styles.itemLabel}>
        <bdi>{option.label}</bdi>
      </Text>
      {option.note && <Text slot="description" className={styles.hint}>{option.note}</Text>}
    </ListBoxItem>
  );
}

/** Ticks and switches: the browser's own control with its label. */
export function Checkbox({
  label,
  hint,
  checked,
  onChange,
  disabled,
}: {
  label: ReactNode;
  hint?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <div className={styles.check}>
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => {
          onChange(event.target.checked);
        }}
      />
      <label htmlFor={id}>{label}</label>
      {hint && <span id={`${id}-hint`} className={styles.hint}>{hint}</span>}
    </div>
  );
}
