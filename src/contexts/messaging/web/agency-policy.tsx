import './messaging.css';
import { useNavigate } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { m } from 'virtual:messages';
import { authRoutes } from '#platform/auth/contract';
import {
  ButtonLink,
  call,
  Form,
  Loading,
  PageHeader,
  pick,
  SelectField,
  TextField,
  useAct,
  useAnswer,
  useMay,
  usePathValue,
  type Values,
} from '#web/index';
import { routes } from '../contract.ts';
import { useAgencyNames } from './agency-names.ts';

/** Quota, price and four-eyes threshold of an agency; without one in the path, of an agency to choose. */
export default function AgencyPolicyPage() {
  const organisation = usePathValue('organisation');
  const nameOf = useAgencyNames();
  const act = useAct();
  const navigate = useNavigate();
  const present = useQuery({
    queryKey: [routes.listQuotas.url, 'of', organisation],
    queryFn: ({ signal }) => findPolicy(organisation, signal),
  });
  const mayName = useMay('organisations.manage');
  const all = useAnswer(
    authRoutes.listOrganisations,
    { query: { limit: 200 } },
    { enabled: organisation === '' && mayName },
  );
  const agencies = (all.data?.items ?? []).filter(({ kind }) =>
    ['agency', 'police', 'ministry'].includes(kind),
  );
  const back = { label: m.messaging_page_agencies(), to: '/messaging/agencies' };
  const policy = present.data ?? null;
  const save = async (values: Values): Promise<void> => {
    const number = (name: string): number => Number((values[name] ?? '').replaceAll(',', ''));
    await act(routes.setAgencyPolicy, {
      params: { organisationId: organisation === '' ? (values['organisation'] ?? '') : organisation },
      body: {
        monthParts: number('monthParts'),
        monthNtd: number('monthNtd'),
        partPriceCents: Math.round(number('price') * 100),
        warnPercent: number('warnPercent'),
        fourEyesRows: number('fourEyesRows'),
      },
    });
    await navigate({ to: back.to });
  };
  return (
    <div className="x-page x-page--narrow">
      <PageHeader
        title={m.messaging_policy_title()}
        lead={organisation === '' ? m.messaging_policy_lead() : nameOf(organisation)}
        back={back}
      />
      {present.isLoading ? (
        <Loading />
      ) : (
        <Form
          submitLabel={m.messaging_save()}
          onSubmit={save}
          aside={<ButtonLink to={back.to}>{m.confirm_cancel()}</ButtonLink>}
        >
          {organisation !== '' ? null : mayName ? (
            <SelectField
              name="organisation"
              label={m.messaging_agency()}
              required
              options={agencies.map(({ id, nameZh, nameEn }) => ({
                value: id,
                label: pick({ zh: nameZh, en: nameEn }),
              }))}
            />
          ) : (
            <TextField name="organisation" label={m.messaging_agency_id()} required />
          )}
          <div className="ms-pair">
            <NumberField
              name="monthParts"
              label={m.messaging_policy_parts()}
              value={policy?.monthParts ?? 100_000}
            />
            <NumberField
              name="monthNtd"
              label={m.messaging_policy_ntd()}
              value={policy?.monthNtd ?? 100_000}
            />
            <NumberField
              name="price"
              label={m.messaging_policy_price()}
              value={(policy?.partPriceCents ?? 80) / 100}
            />
            <NumberField
              name="warnPercent"
              label={m.messaging_policy_warn()}
              value={policy?.warnPercent ?? 80}
            />
            <NumberField
              name="fourEyesRows"
              label={m.messaging_quota_four_eyes()}
              value={policy?.fourEyesRows ?? 10_000}
            />
          </div>
        </Form>
      )}
    </div>
  );
}

function NumberField({
  name,
  label,
  value,
}: {
  readonly name: string;
  readonly label: string;
  readonly value: number;
}) {
  return (
    <TextField
      name={name}
      label={label}
      inputMode="numeric"
      width="short"
      required
      defaultValue={String(value)}
    />
  );
}

async function findPolicy(organisation: string, signal: AbortSignal) {
  if (organisation === '') return null;
  let cursor: string | undefined;
  do {
    const page = await call(routes.listQuotas, { query: { limit: 200, cursor } }, { signal });
    const found = page.items.find((row) => row.organisationId === organisation);
    if (found !== undefined) return found.policy;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return null;
}
