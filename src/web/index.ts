/** Door of the console's shell: what the pages of a context (`src/contexts/<name>/web/`) build on. See README.md. */
export type {
  Audience,
  Contribution,
  HomePanel,
  Page,
  SearchHit,
  SearchSource,
  TodayItem,
  TodaySource,
} from './app/registry.ts';
export { useMay, useSignedIn, type Viewer } from './app/viewer.tsx';
export { addressOf, call, type Input } from './client/call.ts';
export { isActive, useOwnJobs, type Job } from './client/jobs.ts';
export { language, pick, type Language } from './client/language.ts';
export { useList, type List } from './client/list.ts';
export { ProblemError } from './client/problem.ts';
export {
  flag,
  isoDay,
  oneOf,
  text,
  whole,
  type SearchOf,
  type SearchSchema,
} from './client/search-params.ts';
export { usePathValue, useUrlState, type SearchValues } from './client/url-state.ts';
export { useAnswer, useAct } from './client/use-answer.ts';
export { AppLink, ButtonLink, type Target } from './components/app-link.tsx';
export { Chart, type ChartData, type ChartProps } from './components/chart.tsx';
export { ConfirmPage, type ConfirmPageProps } from './components/confirm-page.tsx';
export { CodeBlock, CopyButton } from './components/copy-button.tsx';
export { DataTable, type Column, type DataTableProps } from './components/data-table.tsx';
export { Diff, type Change } from './components/diff.tsx';
export { ExportMenu, type ExportFormat } from './components/export-menu.tsx';
export { Day, Instant, Money, RocDate, Ubn } from './components/figures.tsx';
export { FilterBar, type Filter } from './components/filter-bar.tsx';
export {
  ChecksField,
  Field,
  Form,
  SelectField,
  TextAreaField,
  TextField,
  type FormProps,
  type Option,
  type Values,
} from './components/form.tsx';
export {
  bytes,
  count,
  dayParts,
  dayShort,
  duration,
  instantShort,
  money,
  moneyShort,
  relative,
} from './components/format.ts';
export { Icon, type IconName } from './components/icon.tsx';
export { JobState } from './components/job-state.tsx';
export { PageHeader, Section, type Crumb } from './components/page-header.tsx';
export { Progress } from './components/progress.tsx';
export { useLocalViews, type SavedView, type SavedViews } from './components/saved-views.tsx';
export { EmptyState, ErrorState, Loading, Notice, problemText } from './components/states.tsx';
export { StatusBadge, type Tone } from './components/status-badge.tsx';
export { SummaryList, type SummaryItem } from './components/summary-list.tsx';
export { Timeline, type TimelineItem } from './components/timeline.tsx';
