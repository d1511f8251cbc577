package dev.lastcall.lint.check;

import java.util.List;
import java.util.regex.Pattern;

/** The programs that an image probably has, judged by its reference. */
enum Images {
    /** Probably has a shell and tools. */
    USUAL,
    /** Its name says that it is one of those without. */
    GUESSED,
    /** Is known to have none. */
    BARE;

    private static final Pattern SHELLLESS_TAG = Pattern.compile("(.*[-_.])?chiseled([-_.].*)?");
    private static final Pattern WORD = Pattern.compile("(^|[-_.])(distroless|chiseled|scratch)($|[-_.])");
    private static final List<String> BARE_REPOSITORIES = List.of(
            "gcr.io/distroless/",
            "registry.k8s.io/pause",
            "k8s.gcr.io/pause",
            "registry.k8s.io/metrics-server/metrics-server",
            "registry.k8s.io/kube-state-metrics/kube-state-metrics");

    static Images of(String reference) {
        String image = reference.replaceFirst("@.*", "");
        int colon = image.indexOf(':', image.lastIndexOf('/') + 1);
        String repository = colon < 0 ? image : image.substring(0, colon);
        String tag = colon < 0 ? "" : image.substring(colon + 1);
        if (tag.matches("(.*[-_.])?(debug|dev|busybox|shell)([-_.].*)?")) {
            return USUAL;
        }
        boolean known = BARE_REPOSITORIES.stream().anyMatch(repository::startsWith)
                || (repository.startsWith("mcr.microsoft.com/dotnet/")
                        && SHELLLESS_TAG.matcher(tag).matches());
        if (known) {
            return BARE;
        }
        String name = repository.substring(repository.lastIndexOf('/') + 1);
        boolean guessed = repository.startsWith("cgr.dev/chainguard/")
                || repository.contains("/distroless/")
                || WORD.matcher(name).find()
                || WORD.matcher(tag).find();
        return guessed ? GUESSED : USUAL;
    }

    /** Whether {@code sh} of an image replaces itself with the last command: busybox' and bash do, Debian's dash does not. */
    static boolean shReplacesItself(String reference) {
        return reference.matches(
                "(.*[/:_-])?(alpine|busybox|ubi[0-9]*|fedora|centos|rockylinux|almalinux)([.:@/_0-9-].*)?");
    }
}
