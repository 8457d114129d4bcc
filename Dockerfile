# syntax=docker/dockerfile:1
# Builds from source with nothing but the Rust toolchain and a C compiler; runs as nobody in particular.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
# The dependencies first, so that a change of ours does not build them again.
RUN mkdir -p src && echo 'fn main() {}' > src/main.rs && touch src/lib.rs \
    && mkdir -p tests/it tests/bench && echo 'fn main() {}' | tee tests/it/main.rs tests/bench/main.rs > /dev/null \
    && cargo build --locked --profile dist && rm -rf src
COPY . .
RUN touch src/main.rs src/lib.rs && cargo build --locked --profile dist && cp target/dist/ganh /ganh

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/ganh --create-home ganh \
    && mkdir -p /var/lib/ganh/media && chown -R ganh:ganh /var/lib/ganh
COPY --from=build /ganh /usr/local/bin/ganh
USER ganh
WORKDIR /var/lib/ganh
ENV LISTEN=0.0.0.0:8080 MEDIA_URL=file:///var/lib/ganh/media DATABASE_URL=sqlite:///var/lib/ganh/ganh.db
EXPOSE 8080
VOLUME /var/lib/ganh
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 CMD ["/usr/local/bin/ganh", "health"]
ENTRYPOINT ["/usr/local/bin/ganh"]
CMD ["serve"]
