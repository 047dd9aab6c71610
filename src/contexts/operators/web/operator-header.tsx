import { m } from 'virtual:messages';
import { Money, pick, RocDate, StatusBadge, SummaryList, Ubn } from '#web/index';
import type { OperatorDetail } from '../contract.ts';
import { RegistrationMark, StatusMark } from './marks.tsx';
import { itemWord, registerClassWord } from './words.ts';

/** Who an operator is: status with its reasons, register state, names, key figures. */
export function OperatorHeader({ operator }: { readonly operator: OperatorDetail }) {
  const registered = registerClassWord(operator.registerClass);
  const others = [...new Set(operator.names.map(({ name }) => name))].filter(
    (name) => name !== operator.name,
  );
  return (
    <div className="op-operator">
      <div className="x-card x-card--padded op-operator__status">
        <div className="x-row">
          <StatusMark status={operator.status} />
          {operator.asOf === null ? null : (
            <span className="x-muted">
              {m.operators_as_of()} <RocDate day={operator.asOf} />
            </span>
          )}
        </div>
        {operator.reasons.length === 0 ? (
          <p className="x-muted">{m.operators_no_reason()}</p>
        ) : (
          <>
            <h2 className="op-operator__why">{m.operators_reasons()}</h2>
            <ul className="op-reasons">
              {operator.reasons.map((reason) => (
                <li key={reason.code}>
                  {pick(reason)}
                  {reason.evidence.slice(0, 3).map((row) => (
                    <small key={`${row.file}.${row.row}`} className="op-sub">
                      {m.operators_file_row({ file: row.file, row: row.row })}
                    </small>
                  ))}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <div className="x-card x-card--padded">
        <SummaryList
          items={[
            { label: m.operators_f_ubn(), value: <Ubn value={operator.ubn} /> },
            {
              label: m.operators_register(),
              value: (
                <span className="x-row">
                  <StatusBadge tone={registered.tone} label={registered.label} />
                  {operator.registerStatus}
                </span>
              ),
            },
            { label: m.operators_f_address(), value: operator.address ?? '—' },
            {
              label: m.operators_f_items(),
              value: operator.item === null ? '—' : itemWord(operator.item).label,
            },
            {
              label: m.operators_f_registration(),
              value:
                operator.registration === null ? (
                  '—'
                ) : (
                  <RegistrationMark registration={operator.registration} />
                ),
            },
            { label: m.operators_f_capital(), value: <Money amount={operator.capital} /> },
            { label: m.operators_f_balance(), value: <Money amount={operator.balance} /> },
            { label: m.operators_f_sales(), value: <Money amount={operator.sales} /> },
            ...(others.length === 0
              ? []
              : [{ label: m.operators_other_names(), value: others.join(m.list_separator()) }]),
          ]}
        />
      </div>
    </div>
  );
}
