package dev.lastcall.proxy;

import dev.lastcall.testing.TestCertificate;
import io.quarkus.tls.BaseTlsConfiguration;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.TrustOptions;

/** A TLS configuration with one certificate, shown and trusted. */
final class TestTls extends BaseTlsConfiguration {
    private final TestCertificate certificate;

    TestTls(TestCertificate certificate) {
        this.certificate = certificate;
    }

    @Override
    public KeyCertOptions getKeyStoreOptions() {
        return certificate.shown();
    }

    @Override
    public TrustOptions getTrustStoreOptions() {
        return certificate.trusted();
    }

    @Override
    public SSLOptions getSSLOptions() {
        return new SSLOptions()
                .setKeyCertOptions(certificate.shown())
                .setTrustOptions(certificate.trusted())
                .setUseAlpn(true);
    }

    @Override
    public String getName() {
        return "test";
    }
}
