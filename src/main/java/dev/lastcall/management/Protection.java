package dev.lastcall.management;

import io.smallrye.config.SmallRyeConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Whether the port asks for a token, and for which. */
@Singleton
final class Protection {
    private static final String KEY = "lastcall.management.token";

    private final Optional<Token> token;

    /** The mapping takes an empty value for a missing one, and an empty Secret would open the port to everybody: asked without it. */
    @Inject
    Protection(ManagementConfig config, SmallRyeConfig values) {
        this(config.token()
                .or(() -> Optional.ofNullable(values.getConfigValue(KEY).getValue())));
    }

    Protection(Optional<String> secret) {
        token = secret.map(Token::new);
    }

    Optional<Token> token() {
        return token;
    }
}
