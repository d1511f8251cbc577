package dev.lastcall.fleet;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** The address of a console, as pods tell it each other. */
final class ConsoleAddress {
    private static final int LONGEST = 200;

    private ConsoleAddress() {}

    /** The host's address and the port that the management interface listens on. No resolver is asked, which may take seconds to fail. */
    static Optional<String> ofThisHost() {
        Config config = ConfigProvider.getConfig();
        boolean tls = config.getOptionalValue("quarkus.management.tls-configuration-name", String.class)
                        .isPresent()
                || config.getOptionalValue("quarkus.management.ssl.certificate.files", String.class)
                        .isPresent();
        // Quarkus writes the port that it got over the one that was asked for.
        return config.getOptionalValue("quarkus.management.port", Integer.class)
                .filter(port -> port > 0)
                .flatMap(port -> host().map(host -> (tls ? "https://" : "http://") + host + ":" + port));
    }

    private static Optional<String> host() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(ConsoleAddress::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .min(Comparator.comparing(address -> !(address instanceof Inet4Address)))
                    .or(() -> Stream.of(InetAddress.getLoopbackAddress()).findFirst())
                    .map(ConsoleAddress::text);
        } catch (SocketException e) {
            return Optional.empty();
        }
    }

    private static boolean isUp(NetworkInterface network) {
        try {
            return network.isUp();
        } catch (SocketException e) {
            return false;
        }
    }

    private static String text(InetAddress address) {
        String host = address.getHostAddress().replaceFirst("%.*", "");
        return address instanceof Inet4Address ? host : "[" + host + "]";
    }

    /** An address that a page may link to; null for what is none, such as a script. */
    static @Nullable String checked(@Nullable String written) {
        if (written == null || written.length() > LONGEST) {
            return null;
        }
        try {
            URI address = URI.create(written);
            boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            return web && address.getHost() != null && address.getUserInfo() == null ? written : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
