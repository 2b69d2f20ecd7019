/** Pictures of the client, drawn on a grid of 24; they say nothing that a word beside them doesn't. */
const PATHS = {
  ask: "M4 5h16v11H9l-5 4zM8 9h8M8 12h5",
  check: "m4 12 5 5L20 6",
  chart: "M4 4v16h16M8 15l3-4 3 2 5-7",
  matter: "M12 4v16M5 7h14M5 7l-2.5 6a3 3 0 0 0 5 0zM19 7l-2.5 6a3 3 0 0 0 5 0zM8 20h8",
  document: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  draft: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  feedback: "M4 5h16v11h-7l-4 4v-4H4zM12 8v3M12 13.2v.1",
  report: "M5 3h14v18H5zM9 8h6M9 12h6M9 16h3",
  assistant: "M12 3v3M6 8h12v10H6zM9 12v2M15 12v2M3 12v3M21 12v3M9 21h6",
  activity: "M3 12h4l3-8 4 16 3-8h4",
  glass: "M12 3 4 6v6c0 5 3.5 7.5 8 9 4.5-1.5 8-4 8-9V6zM12 8v5M12 16v.1",
  audit: "M12 3 4 6v6c0 5 3.5 7.5 8 9 4.5-1.5 8-4 8-9V6zm-3 9 2 2 4-4",
  evaluation: "M4 20V10M10 20V4M16 20v-7M21 20H3",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 21c0-4 3.5-6 8-6s8 2 8 6",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "m6 6 12 12M18 6 6 18",
  down: "m6 9 6 6 6-6",
  right: "m9 6 6 6-6 6",
  left: "m15 6-6 6 6 6",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  download: "M12 4v11M7 11l5 5 5-5M4 20h16",
  upload: "M12 16V5M7 9l5-5 5 5M4 20h16",
  print: "M7 9V3h10v6M7 17H4v-8h16v8h-3M7 14h10v7H7z",
  stop: "M7 7h10v10H7z",
  retry: "M20 12a8 8 0 1 1-2.5-5.8M20 3v4h-4",
  plus: "M12 5v14M5 12h14",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v6M14 11v6",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM16 16l5 5",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  warning: "M12 4 2.5 20h19zM12 10v4M12 17v.1",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 11v5M12 8v.1",
  good: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8 12l3 3 5-6",
  bad: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9 9l6 6M15 9l-6 6",
  question: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.4-1 .8-1 1.7M12 16.5v.1",
  history: "M4 12a8 8 0 1 0 2.5-5.8M4 3v4h4M12 8v4l3 2",
  more: "M5 12v.1M12 12v.1M19 12v.1",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5 19 19M19 5l-1.5 1.5M6.5 17.5 5 19",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
