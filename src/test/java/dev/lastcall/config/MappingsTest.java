package dev.lastcall.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.smallrye.config.ConfigMapping;
import org.junit.jupiter.api.Test;

class MappingsTest {
    @Test
    void listHasAllMappingsOfTheRooms() {
        var mappings = new ClassFileImporter()
                .importUrl(Mappings.class.getProtectionDomain().getCodeSource().getLocation()).stream()
                        .filter(each -> each.isAnnotatedWith(ConfigMapping.class))
                        .map(JavaClass::getName)
                        .toList();
        assertThat(Mappings.all().map(Class::getName)).containsExactlyInAnyOrderElementsOf(mappings);
    }

    @Test
    void defaultIsAValueThatIsAccepted() {
        assertThat(DeclaredKeys.of(Mappings.all()).all())
                .hasSizeGreaterThan(80)
                .filteredOn(each -> each.defaultValue() != null)
                .allSatisfy(each -> assertThat(each.fault(each.key(), String.valueOf(each.defaultValue())))
                        .isEmpty());
    }
}
