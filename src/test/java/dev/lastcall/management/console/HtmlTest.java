package dev.lastcall.management.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"<, &lt;", ">, &gt;", "&, &amp;", "\", &quot;", "', &#39;", "{}, {}", "ü, ü", "😀, 😀"})
    void valueIsText(String value, String escaped) {
        assertThat(Html.of("<a title=\"{}\">{}</a>", value, value))
                .hasToString("<a title=\"" + escaped + "\">" + escaped + "</a>");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x0, 0x1b, 0x202e, 0x2066, 0x200b, 0xd800, 0xfdd0})
    void whatCannotBeSeenIsShownAsMissing(int letter) {
        assertThat(Html.of("{}", new String(Character.toChars(letter)))).hasToString("\ufffd");
    }

    @Test
    void htmlWithinHtmlIsNotEscapedAgain() {
        assertThat(Html.of("<p>{}</p>", Html.of("<b>{}</b>", "<"))).hasToString("<p><b>&lt;</b></p>");
    }

    @Test
    void valuesAndHolesMustMatch() {
        assertThatThrownBy(() -> Html.of("{}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Html.of("{}", 1, 2)).isInstanceOf(IllegalArgumentException.class);
    }
}
