package dev.lastcall.lint.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of a container in a manifest, in the service's own order of precedence: {@code -D} on the command line, {@code -D} in
 * the JVM's variables, the environment, and of that {@code env} before {@code envFrom}. Files inside the image cannot be seen from here.
 */
public final class ContainerSettings {
    private static final Pattern PROPERTY = Pattern.compile("-D([a-z][A-Za-z0-9.-]*)=(\\S*)");
    /** A reference to an earlier variable, as Kubernetes replaces it in later ones. */
    private static final Pattern REFERENCE = Pattern.compile("(?<!\\$)\\$\\(([A-Za-z_][A-Za-z0-9_.-]*)\\)");

    private static final Pattern LABEL = Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)'\\]");
    private static final List<String> JVM_VARIABLES = List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS");

    private final Map<String, Setting> properties = new LinkedHashMap<>();
    private final Map<String, Setting> variables = new LinkedHashMap<>();
    private final List<Field> unseen = new ArrayList<>();

    private final Document document;
    private final Manifests all;

    private ContainerSettings(Document document, Manifests all) {
        this.document = document;
        this.all = all;
    }

    static ContainerSettings of(Container container, Document document, Manifests all) {
        ContainerSettings settings = new ContainerSettings(document, all);
        container.field().at("command").items().forEach(word -> settings.readProperties(word.text(), word));
        container.field().at("args").items().forEach(word -> settings.readProperties(word.text(), word));
        container.environment().forEach(settings::readVariable);
        container.field().at("envFrom").items().forEach(settings::readSource);
        for (String name : JVM_VARIABLES) {
            Setting options = settings.variables.get(name);
            if (options != null) {
                settings.readProperties(options.value(), options.place());
            }
        }
        return settings;
    }

    /** Returns the value of a key; empty where it is not set. */
    public Optional<Setting> get(String key) {
        Setting property = properties.get(key);
        return Optional.ofNullable(property != null ? property : variables.get(variable(key)));
    }

    /** Whether any key with this start is set. */
    public boolean has(String start) {
        return properties.keySet().stream().anyMatch(key -> key.startsWith(start))
                || variables.keySet().stream().anyMatch(name -> name.startsWith(variable(start)));
    }

    /** Returns references to settings that are not among the manifests: Secrets, and ConfigMaps in other files. */
    public List<Field> unseen() {
        return List.copyOf(unseen);
    }

    /** A key as an environment variable. */
    public static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    private void readProperties(String text, Field place) {
        Matcher matcher = PROPERTY.matcher(text);
        while (matcher.find()) {
            String key = matcher.group(1);
            properties.putIfAbsent(key, new Setting(key, matcher.group(2), document, place));
        }
    }

    private void readVariable(Field entry) {
        String name = entry.at("name").text();
        Field reference = entry.at("valueFrom", "configMapKeyRef");
        if (entry.at("value").isPresent()) {
            variables.put(name, new Setting(name, expanded(entry.at("value").text()), document, entry.at("value")));
        } else if (reference.isPresent()) {
            Optional<Document> map = all.configMap(reference.at("name").text(), document);
            Optional<Field> value = map.map(
                            each -> each.root().at("data", reference.at("key").text()))
                    .filter(Field::isPresent);
            if (value.isPresent()) {
                variables.put(name, new Setting(name, value.get().text(), map.get(), value.get()));
            } else {
                unseen.add(reference);
            }
        } else {
            readLabel(name, entry.at("valueFrom", "fieldRef", "fieldPath"));
        }
    }

    /** A label or an annotation of the pod. */
    private void readLabel(String name, Field path) {
        Matcher label = LABEL.matcher(path.text());
        if (label.matches()) {
            Field template = document.root().at("spec", "template");
            Field pod = template.isPresent() ? template : document.root();
            Field value = pod.at("metadata", label.group(1), label.group(2));
            if (value.isPresent()) {
                variables.put(name, new Setting(name, value.text(), document, value));
            }
        }
    }

    private String expanded(String value) {
        return REFERENCE.matcher(value).replaceAll(found -> {
            Setting known = variables.get(found.group(1));
            return Matcher.quoteReplacement(known == null ? found.group() : known.value());
        });
    }

    private void readSource(Field source) {
        Field reference = source.at("configMapRef");
        if (!reference.isPresent()) {
            // A Secret: nobody keeps a grace period in one.
            return;
        }
        Optional<Document> map = all.configMap(reference.at("name").text(), document);
        if (map.isEmpty()) {
            unseen.add(reference);
            return;
        }
        Field data = map.get().root().at("data");
        String prefix = source.at("prefix").text();
        for (String key : data.keys()) {
            String name = prefix + key;
            variables.putIfAbsent(name, new Setting(name, data.at(key).text(), map.get(), data.at(key)));
        }
    }
}
