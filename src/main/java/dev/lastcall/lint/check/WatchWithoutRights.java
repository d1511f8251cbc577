package dev.lastcall.lint.check;

import dev.lastcall.lint.check.Watched.Right;
import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A pod that is to watch itself in the API server, whose account may not. Judged only where the account is among the manifests: the rights of
 * another are somewhere else.
 */
final class WatchWithoutRights implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return Watched.isWatched(workload, all)
                ? Watched.account(workload, all).stream().flatMap(account -> missing(workload, account, all))
                : Stream.empty();
    }

    private static Stream<Finding> missing(Workload workload, Document account, Manifests all) {
        List<Document> bindings = all.documents().stream()
                .filter(each -> each.kind().endsWith("RoleBinding") && binds(each, account))
                .toList();
        List<String> missing = new ArrayList<>();
        for (Right right : Watched.rights(workload, all)) {
            if (bindings.stream().noneMatch(binding -> gives(binding, right, all))) {
                missing.add(right.verb() + " " + right.resource());
            }
        }
        return missing.isEmpty()
                ? Stream.empty()
                : Stream.of(Finding.warning(
                        account,
                        account.root().at("metadata", "name"),
                        "no Role among the manifests lets it " + String.join(", ", missing) + ", which "
                                + workload.document().label() + " is to do: the API server refuses it",
                        "a Role and a RoleBinding, as in k8s/components/watch"));
    }

    private static boolean binds(Document binding, Document account) {
        return binding.root().at("subjects").items().stream()
                .anyMatch(each ->
                        each.at("kind").is("ServiceAccount") && each.at("name").is(account.name()));
    }

    /** Whether a binding gives a right; one whose role is not among the manifests is taken at its word. */
    private static boolean gives(Document binding, Right right, Manifests all) {
        Field role = binding.root().at("roleRef");
        List<Document> known = all.documents().stream()
                .filter(each ->
                        role.at("kind").is(each.kind()) && role.at("name").is(each.name()))
                .toList();
        return known.isEmpty()
                || known.stream()
                        .flatMap(each -> each.root().at("rules").items().stream())
                        .anyMatch(rule -> names(rule, "apiGroups", "")
                                && names(rule, "verbs", right.verb())
                                && names(rule, "resources", right.resource()));
    }

    private static boolean names(Field rule, String list, String word) {
        return rule.at(list).items().stream().anyMatch(each -> each.is(word) || each.is("*"));
    }
}
