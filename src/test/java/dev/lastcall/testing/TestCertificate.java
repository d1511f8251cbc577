package dev.lastcall.testing;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate that signs itself, and its key, made for a test: DER by hand (RFC 5280), since the JDK has no public way to make one. */
public record TestCertificate(PrivateKey key, X509Certificate certificate) {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 0x02;
    private static final int BITS = 0x03;
    private static final int OCTETS = 0x04;
    private static final int OBJECT = 0x06;
    private static final int TEXT = 0x0c;
    private static final int TIME = 0x17;
    private static final byte[] SHA256_WITH_ECDSA =
            der(SEQUENCE, der(OBJECT, new byte[] {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2}));
    private static final byte[] COMMON_NAME = der(OBJECT, new byte[] {0x55, 4, 3});
    private static final byte[] ALTERNATIVE_NAMES = der(OBJECT, new byte[] {0x55, 0x1d, 0x11});

    /** For a name alone. */
    public static TestCertificate of(String name) {
        return make(name, der(0x82, name.getBytes(StandardCharsets.US_ASCII)));
    }

    /** For {@code localhost} and its addresses. */
    public static TestCertificate ofLocalhost() {
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        return make(
                "localhost",
                der(0x82, "localhost".getBytes(StandardCharsets.US_ASCII)),
                der(0x87, new byte[] {127, 0, 0, 1}),
                der(0x87, loopback));
    }

    private static TestCertificate make(String name, byte[]... names) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] subject = der(
                    SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(TEXT, name.getBytes(StandardCharsets.UTF_8)))));
            byte[] signed = der(
                    SEQUENCE,
                    der(0xa0, der(INTEGER, new byte[] {2})),
                    der(INTEGER, positive(System.nanoTime())),
                    SHA256_WITH_ECDSA,
                    subject,
                    der(SEQUENCE, time("200101000000Z"), time("491231235959Z")),
                    subject,
                    pair.getPublic().getEncoded(),
                    der(0xa3, der(SEQUENCE, der(SEQUENCE, ALTERNATIVE_NAMES, der(OCTETS, der(SEQUENCE, names))))));
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(signed);
            byte[] whole = der(SEQUENCE, signed, SHA256_WITH_ECDSA, der(BITS, new byte[] {0}, signature.sign()));
            return new TestCertificate(pair.getPrivate(), (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] positive(long number) {
        return java.math.BigInteger.valueOf(Math.abs(number)).toByteArray();
    }

    private static byte[] time(String text) {
        return der(TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        if (content.size() > 0xff) {
            whole.writeBytes(new byte[] {(byte) 0x82, (byte) (content.size() >> 8), (byte) content.size()});
        } else if (content.size() > 0x7f) {
            whole.writeBytes(new byte[] {(byte) 0x81, (byte) content.size()});
        } else {
            whole.write(content.size());
        }
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + what
                + "-----\n";
    }

    private String certificatePem() {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private String keyPem() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    /** Writes {@code tls.crt} and {@code tls.key}, as Kubernetes mounts them. */
    public void writeTo(Path directory) throws IOException {
        Files.writeString(directory.resolve("tls.crt"), certificatePem());
        Files.writeString(directory.resolve("tls.key"), keyPem());
    }

    /** For a server that shows it. */
    public PemKeyCertOptions shown() {
        return new PemKeyCertOptions()
                .addKeyValue(Buffer.buffer(keyPem()))
                .addCertValue(Buffer.buffer(certificatePem()));
    }

    /** For a client that trusts it. */
    public PemTrustOptions trusted() {
        return new PemTrustOptions().addCertValue(Buffer.buffer(certificatePem()));
    }

    /** For clients of the JDK that trust it alone. */
    public SSLContext context() {
        return trusting(this);
    }

    /** For clients of the JDK that trust these alone. */
    public static SSLContext trusting(TestCertificate... certificates) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (TestCertificate trusted : certificates) {
                store.setCertificateEntry("t" + store.size(), trusted.certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** For servers of the JDK that show it. */
    public SSLContext serverContext() {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setKeyEntry("shown", key, new char[0], new Certificate[] {certificate});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }
}
