package dev.lastcall.shutdown;

import dev.lastcall.config.ConfigInForce;
import dev.lastcall.config.ConfigSchema;
import dev.lastcall.config.Mappings;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/** The command {@code config}: which values are in force here, or whether they would be accepted, without starting anything. */
public final class ConfigCommand {
    private static final int WRONG = 1;
    private static final int USAGE = 2;
    private static final String HELP = """
            usage: java -jar quarkus-run.jar config [--check | --schema]
              (no option)  every key with its value and where it came from; secrets are not shown
              --check      says what is wrong; exits with 1 where anything is
              --schema     the keys as a JSON schema of LASTCALL_CONFIG, for editors
            """;

    private ConfigCommand() {}

    /**
     * Runs it.
     *
     * @return the exit code: 0, 1 where a value is wrong, 2 where the arguments are
     */
    public static int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.equals(List.of("--schema"))) {
            out.println(ConfigSchema.json());
            return 0;
        }
        boolean check = arguments.equals(List.of("--check"));
        if (!check && !arguments.isEmpty()) {
            err.print(HELP);
            return USAGE;
        }
        List<String> problems;
        try {
            SmallRyeConfig config = ConfigUtils.configBuilder().build();
            if (check) {
                ProfilePresets.line(config).ifPresent(out::println);
            } else {
                ConfigInForce.of(config).forEach(line -> out.println(text(line)));
            }
            problems = problems(config);
            ConfigCheck.warnings(config, KnownKeys.of(Mappings.all()))
                    .forEach(warning -> err.println("warning: " + warning));
        } catch (ConfigurationException e) {
            problems = List.of(String.valueOf(e.getMessage()));
        }
        problems.forEach(err::println);
        if (check && problems.isEmpty()) {
            out.println("the configuration is accepted");
        }
        return problems.isEmpty() ? 0 : WRONG;
    }

    private static String text(ConfigInForce.Line line) {
        return line.key() + " = " + (line.value().isEmpty() ? "" : line.value() + " ") + "(" + line.source() + ")";
    }

    /**
     * Returns the problems as the start would tell them, but for those that only a start finds out: ports that are taken, databases that do not
     * answer.
     */
    private static List<String> problems(SmallRyeConfig config) {
        for (Class<?> mapping : Mappings.all().toList()) {
            try {
                ConfigMappings.registerConfigMappings(config, Set.of(ConfigClass.configClass(mapping)));
            } catch (ConfigValidationException e) {
                return ConfigProblem.all(e, config);
            }
        }
        return ConfigCheck.problems(config, KnownKeys.of(Mappings.all()), config.getConfigMapping(DrainConfig.class));
    }
}
