import { m } from 'virtual:messages';
import { roles, type Role } from '#platform/access';
import type { Option } from './form.tsx';

const labels: Readonly<Record<Role, () => string>> = {
  administrator: () => m.role_administrator(),
  officer: () => m.role_officer(),
  reviewer: () => m.role_reviewer(),
  auditor: () => m.role_auditor(),
  developer: () => m.role_developer(),
  viewer: () => m.role_viewer(),
};

const hints: Readonly<Record<Role, () => string>> = {
  administrator: () => m.role_administrator_hint(),
  officer: () => m.role_officer_hint(),
  reviewer: () => m.role_reviewer_hint(),
  auditor: () => m.role_auditor_hint(),
  developer: () => m.role_developer_hint(),
  viewer: () => m.role_viewer_hint(),
};

const isRole = (name: string): name is Role => (roles as readonly string[]).includes(name);

/** A role in the reader's language. */
export function roleLabel(role: string): string {
  return isRole(role) ? labels[role]() : role;
}

/** All roles with a line on what each may do, for a form. */
export function roleOptions(): (Option & { readonly hint: string })[] {
  return roles.map((role) => ({ value: role, label: labels[role](), hint: hints[role]() }));
}
