import Type from 'typebox';
import { defineRoutes, nullable } from '../http/contract.ts';

/** What the sign-in page may offer. `sandbox` holds the invented people of a sandbox and is null in live mode. */
export const signInOptionsRoutes = defineRoutes({
  getSignInOptions: {
    method: 'GET',
    url: '/api/v1/sign-in-options',
    access: 'public',
    tag: 'account',
    summary: { zh: '登入頁可用的方式', en: 'Ways of signing in that are set up here' },
    response: {
      200: Type.Object({
        oidc: Type.Boolean(),
        sandbox: nullable(
          Type.Array(
            Type.Object({
              email: Type.String(),
              password: Type.String(),
              name: Type.String(),
              organisation: Type.Object({ zh: Type.String(), en: Type.String() }),
              roles: Type.Array(Type.String()),
            }),
          ),
        ),
      }),
    },
  },
});
