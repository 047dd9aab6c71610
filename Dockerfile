# One image for every role: `docker build -t xinlai .`; what a process does is said by XINLAI_ROLES.
# The tag is the version of Node that package.json pins; test/deploy.test.ts compares them.

FROM node:26.10.0-bookworm-slim AS build
WORKDIR /opt/xinlai
COPY package.json package-lock.json ./
RUN npm install --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:26.10.0-bookworm-slim AS packages
WORKDIR /opt/xinlai
COPY package.json package-lock.json ./
RUN npm install --omit=dev --no-audit --no-fund

FROM node:26.10.0-bookworm-slim
LABEL org.opencontainers.image.title="Xinlai 信賴" \
      org.opencontainers.image.description="Trust and anti-fraud platform for online shopping" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
    XINLAI_DATA=/var/lib/xinlai \
    XINLAI_HOST=0.0.0.0
WORKDIR /opt/xinlai
COPY --from=packages /opt/xinlai/node_modules node_modules
COPY --from=build /opt/xinlai/dist dist
COPY package.json LICENSE NOTICE ./
COPY bin bin
COPY datasets datasets
COPY src src
RUN ln -s /opt/xinlai/bin/xinlai.js /usr/local/bin/xinlai \
    && install -d -o node -g node -m 0700 /var/lib/xinlai /var/lib/xinlai-keys
USER node
VOLUME ["/var/lib/xinlai", "/var/lib/xinlai-keys"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --retries=4 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "src/main.ts"]
CMD ["serve"]
