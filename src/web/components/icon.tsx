const paths = {
  home: 'M4 11.2 12 4.5l8 6.7M6 9.8V19.5h12V9.8M10 19.5v-5h4v5',
  funnel: 'M4 5h16l-6.2 7.4V19l-3.6-1.9v-4.7z',
  flag: 'M6 21V4M6 5c4-2 8 2 12 0v9c-4 2-8-2-12 0',
  building: 'M5 20.5V5.5L13 3v17.5M13 9l6 2v9.5M3.5 20.5h17M8 8.5h2M8 12h2M8 15.5h2M16 14v0M16 17v0',
  import: 'M12 4v10.5M8 11l4 4 4-4M4.5 15.5V20h15v-4.5',
  compare: 'M8 4v16M16 4v16M4.5 8h3.5M16 8h3.5M4.5 13h3.5M16 16h3.5',
  link: 'M9.5 14.5l5-5M11 7l1.7-1.7a4 4 0 0 1 5.7 5.7L16.7 12.7M13 17l-1.7 1.7a4 4 0 0 1-5.7-5.7L7.3 11.3',
  scale: 'M12 4v16M7 20h10M5 7h14M5 7l-2.5 6a3 3 0 0 0 5 0zM19 7l-2.5 6a3 3 0 0 0 5 0z',
  jobs: 'M12 7.5V12l3 2M20 12a8 8 0 1 1-3.2-6.4M20.5 4v4h-4',
  audit: 'M7 3.5h7l4 4V20.5H7zM14 3.5v4h4M9.8 14l1.7 1.7 3.3-3.5',
  key: 'M14.5 9.5a4.5 4.5 0 1 1-3-4.2 4.5 4.5 0 0 1 3 4.2ZM13 12l7 7M17 16l-2 2M19.5 18.5l-1.5 1.5',
  log: 'M4.5 5.5h15v13h-15zM8 10l2.5 2L8 14M13 14.5h3.5',
  webhook: 'M12 8a3 3 0 1 1 2.6 3L17 15.5M9.5 9.5 7 14a3 3 0 1 0 2.6 3.5H15a3 3 0 1 0 2-4.5',
  clock: 'M12 7v5l3.5 2M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0Z',
  mail: 'M4 6h16v12H4zM4.5 7l7.5 6 7.5-6',
  book: 'M5 4.5h6a2 2 0 0 1 1 .5 2 2 0 0 1 1-.5h6V18h-6a2 2 0 0 0-1 1 2 2 0 0 0-1-1H5zM12 5v14',
  people:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.8 19.5c.6-3.6 3-5.5 6.2-5.5s5.6 1.9 6.2 5.5M15.5 5a3.3 3.3 0 0 1 0 6.3M17.5 14.5c2 .7 3.3 2.4 3.7 5',
  person: 'M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6',
  shield: 'M12 3.5l7.5 2.5v5.5c0 4.5-3 7.5-7.5 9-4.5-1.5-7.5-4.5-7.5-9V6zM8.5 12l2.5 2.5 4.5-4.8',
  bell: 'M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 1.5H5zM10 20.5h4M12 5.5V3.5',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.3 15.3 20 20',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  alert: 'M12 4 21 19.5H3zM12 10v4.5M12 17v.200',
  info: 'M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0ZM12 11v5.5M12 7.8v.200',
  stop: 'M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7zM12 8v5M12 16v.200',
  ring: 'M19 12a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z',
  dot: 'M14.5 12a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0Z',
  play: 'M8 5.5v13l10.5-6.5z',
  pause: 'M8.5 6v12M15.5 6v12',
  next: 'M9.5 5.5 16 12l-6.5 6.5',
  back: 'M14.5 5.5 8 12l6.5 6.5',
  down: 'M5.5 9 12 15.5 18.5 9',
  up: 'M12 19V5M6 11l6-6 6 6',
  copy: 'M9 9h10.5v10.5H9zM15 9V4.5H4.5V15H9',
  download: 'M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 19.5h14',
  plus: 'M12 5v14M5 12h14',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z',
  screen: 'M3.5 5h17v11h-17zM9 20h6M12 16v4',
  globe:
    'M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0ZM3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17',
  exit: 'M14 4.5H5.5v15H14M10.5 12H20M16.5 8.5 20 12l-3.5 3.5',
  filter: 'M4 6h16M7 12h10M10 18h4',
  star: 'M12 4l2.4 5.1 5.6.700-4.1 3.9 1 5.5L12 16.5l-4.9 2.7 1-5.5L4 9.8l5.6-.700z',
  undo: 'M9 6 4.5 10.5 9 15M5 10.5h9a5 5 0 0 1 0 10H11',
  refresh: 'M19.5 12a7.5 7.5 0 1 1-2.2-5.3L20 9.3M20 4.5v4.8h-4.8',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  phone: 'M7.5 3h9a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM10.5 18h3',
  text: 'M4 5h16v11h-9l-4.5 3.5V16H4zM8 9h8M8 12h5',
  antenna: 'M12 11v9.5M8.5 20.500h7M9.200 13.600a4 4 0 1 1 5.600 0M6.700 16.100a7.500 7.500 0 1 1 10.600 0',
  coins:
    'M12 9.500c4 0 7-1.100 7-2.500s-3-2.500-7-2.500S5 5.600 5 7s3 2.500 7 2.500ZM5 7v10c0 1.400 3 2.500 7 2.500s7-1.100 7-2.500V7M5 12c0 1.400 3 2.500 7 2.500s7-1.100 7-2.500',
  table: 'M4 5.5h16v13H4zM4 10h16M10 10v8.5',
} as const;

export type IconName = keyof typeof paths;

/** A line drawing beside a text that says the same; never the only bearer of a meaning. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="x-icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[name]} />
    </svg>
  );
}
