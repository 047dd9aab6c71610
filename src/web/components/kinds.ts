import { m } from 'virtual:messages';
import type { OrganisationKind } from '#platform/access';

const labels: Readonly<Record<OrganisationKind, () => string>> = {
  ministry: () => m.kind_ministry(),
  agency: () => m.kind_agency(),
  operator: () => m.kind_operator(),
  'verification-body': () => m.kind_verification_body(),
  telecom: () => m.kind_telecom(),
  police: () => m.kind_police(),
  'isac-member': () => m.kind_isac_member(),
};

/** A kind of organisation in the reader's language. */
export function kindLabel(kind: OrganisationKind): string {
  return labels[kind]();
}
