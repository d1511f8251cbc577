package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An annotation that spares a rule which does not exist: what it was meant for is not spared. */
final class UnknownRule implements Check {
    private final Set<String> rules;

    /** @param rules the names that exist; the set may still grow */
    UnknownRule(Set<String> rules) {
        this.rules = rules;
    }

    @Override
    public Stream<Finding> findings(Document object, Manifests all) {
        return object.ignores().stream().flatMap(place -> of(object, place));
    }

    private Stream<Finding> of(Document object, Field place) {
        String known = Checks.names(place.text()).filter(rules::contains).collect(Collectors.joining(", "));
        Edit edit = known.isEmpty() ? Edit.remove(object, place) : Edit.set(object, place, known);
        return Checks.names(place.text()).filter(name -> !rules.contains(name)).map(name -> Finding.warning(
                        object,
                        place,
                        "there is no rule " + name + ": nothing is spared",
                        "lint --rules prints the names")
                .fixedBy(edit));
    }
}
