// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.fermoposta.pop3.protocol.Secret;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/*
 * Walks the record type and the YAML tree together. Every bind method returns null after it has
 * added a problem, and goes on with the siblings, so that one run reports everything. The walk is as
 * deep as the type, so that neither deep nesting nor aliases in the file can blow it up.
 */
final class RecordBinder {
  private static final String TYPE_KEY = "type";
  private static final int MAX_MESSAGE = 500;
  private static final Set<Tag> PLAIN_TAGS = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL);

  private final Path file;
  private final Scalars scalars;
  private final SecretReferences secrets;
  private final List<ConfigProblem> problems;

  RecordBinder(Path file, Scalars scalars, SecretReferences secrets, List<ConfigProblem> problems) {
    this.file = file;
    this.scalars = scalars;
    this.secrets = secrets;
    this.problems = problems;
  }

  <R extends Record> @Nullable R bindRoot(@Nullable Node root, Class<R> type) {
    if (root == null) {
      return type.cast(construct(type, Map.of(), new Place("", 1, 1)));
    }
    return type.cast(bind(root, type, place(root, "")));
  }

  private @Nullable Object bind(Node node, Type type, Place place) {
    if (type instanceof ParameterizedType generic) {
      return bindGeneric(node, generic, place);
    }
    Class<?> raw = (Class<?>) type;
    if (raw.isRecord() && !Scalars.knows(raw)) {
      Map<String, NodeTuple> entries = entries(node, place);
      return entries == null ? null : construct(raw, entries, place);
    }
    if (raw.isSealed() && raw.isInterface()) {
      return bindSealed(node, raw, place);
    }
    if (raw != Secret.class && !Scalars.knows(raw)) {
      throw new IllegalStateException("no way to read a " + raw.getName() + " at " + place.path());
    }
    return bindScalar(node, raw, place);
  }

  private @Nullable Object bindGeneric(Node node, ParameterizedType type, Place place) {
    Type[] arguments = type.getActualTypeArguments();
    if (type.getRawType() == Optional.class) {
      Object value = bind(node, arguments[0], place);
      return value == null ? null : Optional.of(value);
    }
    if (type.getRawType() == List.class) {
      return bindList(node, arguments[0], place);
    }
    if (type.getRawType() == Map.class && arguments[0] == String.class) {
      return bindMap(node, arguments[1], place);
    }
    throw new IllegalStateException("no way to read a " + type + " at " + place.path());
  }

  private @Nullable Object bindList(Node node, Type element, Place place) {
    if (!(node instanceof SequenceNode sequence)) {
      return fail(place, describe(node) + " (expected: a list)");
    }
    List<Object> values = new ArrayList<>();
    boolean complete = true;
    for (Node item : sequence.getValue()) {
      int index = values.size();
      Object value = bind(item, element, place(item, place.path() + "[" + index + "]"));
      complete &= value != null;
      values.add(value == null ? "" : value);
    }
    return complete ? Collections.unmodifiableList(values) : null;
  }

  private @Nullable Object bindMap(Node node, Type element, Place place) {
    Map<String, NodeTuple> entries = entries(node, place);
    if (entries == null) {
      return null;
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, NodeTuple> entry : entries.entrySet()) {
      Node item = entry.getValue().getValueNode();
      Object value = bind(item, element, place(item, child(place.path(), entry.getKey())));
      if (value != null) {
        values.put(entry.getKey(), value);
      }
    }
    return values.size() == entries.size() ? Collections.unmodifiableMap(values) : null;
  }

  private @Nullable Object bindSealed(Node node, Class<?> type, Place place) {
    Map<String, NodeTuple> entries = entries(node, place);
    if (entries == null) {
      return null;
    }
    Map<String, Class<?>> kinds = new TreeMap<>();
    for (Class<?> kind : type.getPermittedSubclasses()) {
      kinds.put(KeyNames.kebab(kind.getSimpleName()), kind);
    }
    String expected = " (expected: " + String.join(", ", kinds.keySet()) + ")";
    NodeTuple tuple = entries.remove(TYPE_KEY);
    if (tuple == null) {
      return fail(place.child(TYPE_KEY), "missing" + expected);
    }
    Node named = tuple.getValueNode();
    Class<?> kind = named instanceof ScalarNode scalar ? kinds.get(scalar.getValue()) : null;
    if (kind == null) {
      return fail(place(named, child(place.path(), TYPE_KEY)), describe(named) + expected);
    }
    return construct(kind, entries, place);
  }

  private @Nullable Object bindScalar(Node node, Class<?> type, Place place) {
    if (!(node instanceof ScalarNode scalar)) {
      return fail(place, describe(node) + " (expected: a single value)");
    }
    if (node.getTag().equals(Tag.NULL)) {
      return fail(place, "no value (expected: a value, or the key left out)");
    }
    if (type == Secret.class) {
      // Before anything that shows what is written there.
      return secret(scalar.getValue(), place);
    }
    if (!PLAIN_TAGS.contains(node.getTag())) {
      return fail(place, "tag " + node.getTag() + " (expected: no tag)");
    }
    if (!tagFits(node.getTag(), type)) {
      return fail(place, describe(node) + " (expected: " + Scalars.expectation(type) + ")");
    }
    return parse(scalar.getValue(), type, place);
  }

  private @Nullable Object parse(String text, Class<?> type, Place place) {
    try {
      return scalars.parse(text, type);
    } catch (IllegalArgumentException e) {
      return fail(place, message(e));
    }
  }

  private @Nullable Object secret(String reference, Place place) {
    try {
      return secrets.resolve(reference);
    } catch (IllegalArgumentException e) {
      return fail(place, message(e));
    }
  }

  private static boolean tagFits(Tag tag, Class<?> type) {
    if (type == String.class) {
      return tag.equals(Tag.STR);
    } else if (type == boolean.class || type == Boolean.class) {
      return tag.equals(Tag.BOOL);
    } else if (type == double.class || type == Double.class) {
      return tag.equals(Tag.FLOAT) || tag.equals(Tag.INT);
    }
    boolean whole =
        type == int.class || type == Integer.class || type == long.class || type == Long.class;
    return !whole || tag.equals(Tag.INT);
  }

  private @Nullable Object construct(Class<?> type, Map<String, NodeTuple> entries, Place place) {
    Map<String, RecordComponent> components = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      components.put(KeyNames.kebab(component.getName()), component);
    }
    int before = problems.size();
    for (Map.Entry<String, NodeTuple> entry : entries.entrySet()) {
      if (!components.containsKey(entry.getKey())) {
        unknown(entry.getKey(), entry.getValue(), components.keySet(), place);
      }
    }
    List<@Nullable Object> arguments = new ArrayList<>();
    components.forEach(
        (key, component) -> {
          NodeTuple tuple = entries.get(key);
          if (tuple == null) {
            arguments.add(absent(component, place.child(key)));
          } else {
            Node node = tuple.getValueNode();
            arguments.add(
                bind(node, component.getGenericType(), place(node, child(place.path(), key))));
          }
        });
    return problems.size() > before ? null : instantiate(type, arguments, entries, place);
  }

  private @Nullable Object absent(RecordComponent component, Place place) {
    Default fallback = component.getAnnotation(Default.class);
    if (fallback != null) {
      return byDefault(component, fallback.value(), place);
    }
    if (component.getType() == Optional.class) {
      return Optional.empty();
    }
    if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
      return null;
    }
    return fail(place, "missing (expected: this key)");
  }

  private @Nullable Object byDefault(RecordComponent component, String[] texts, Place place) {
    Class<?> type = component.getType();
    if (type == List.class) {
      Type element = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
      return Arrays.stream(texts).map(t -> scalars.parse(t, (Class<?>) element)).toList();
    }
    if (type == Map.class) {
      return Map.of();
    }
    if (texts.length == 0) {
      return construct(type, Map.of(), place);
    }
    return scalars.parse(texts[0], type);
  }

  private @Nullable Object instantiate(
      Class<?> type,
      List<@Nullable Object> arguments,
      Map<String, NodeTuple> entries,
      Place place) {
    Class<?>[] signature =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(signature);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof InvalidSettingException invalid) {
        String key = KeyNames.kebab(invalid.component());
        NodeTuple tuple = entries.get(key);
        Place at =
            tuple == null
                ? place.child(key)
                : place(tuple.getValueNode(), child(place.path(), key));
        return fail(at, message(invalid));
      }
      if (e.getCause() instanceof IllegalArgumentException refused) {
        return fail(place, message(refused));
      }
      throw new IllegalStateException("cannot create " + type.getName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot create " + type.getName(), e);
    }
  }

  private @Nullable Map<String, NodeTuple> entries(Node node, Place place) {
    if (!(node instanceof MappingNode mapping)) {
      fail(place, describe(node) + " (expected: keys with values)");
      return null;
    }
    Map<String, NodeTuple> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Node keyNode = tuple.getKeyNode();
      if (!(keyNode instanceof ScalarNode scalar)) {
        fail(place(keyNode, place.path()), describe(keyNode) + " as key (expected: text)");
        continue;
      }
      NodeTuple first = entries.putIfAbsent(scalar.getValue(), tuple);
      if (first != null) {
        fail(
            place(keyNode, child(place.path(), scalar.getValue())),
            "key again (expected: once; it is in line "
                + place(first.getKeyNode(), "").line()
                + ")");
      }
    }
    return entries;
  }

  private void unknown(String key, NodeTuple tuple, Set<String> known, Place place) {
    String hint =
        KeyNames.nearest(key, known)
            .map(nearest -> "did you mean " + nearest + "?")
            .orElseGet(
                () -> "expected: " + known.stream().sorted().collect(Collectors.joining(", ")));
    fail(place(tuple.getKeyNode(), child(place.path(), key)), "unknown key (" + hint + ")");
  }

  private @Nullable Object fail(Place place, String text) {
    problems.add(new ConfigProblem(file, place.line(), place.column(), place.path(), text));
    return null;
  }

  private static String message(IllegalArgumentException e) {
    String message = e.getMessage() == null ? "not valid" : e.getMessage();
    // Messages hold the value, which can be as long as the file.
    return message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "..." : message;
  }

  private static String describe(Node node) {
    if (node instanceof MappingNode) {
      return "a mapping";
    } else if (node instanceof SequenceNode) {
      return "a list";
    }
    String value = ((ScalarNode) node).getValue();
    String shown = value.length() > 80 ? value.substring(0, 80) + "..." : value;
    return node.getTag().equals(Tag.NULL) ? "no value" : "value \"" + shown + "\"";
  }

  private static Place place(Node node, String path) {
    Optional<Mark> mark = node.getStartMark();
    return new Place(
        path, mark.map(Mark::getLine).orElse(-1) + 1, mark.map(Mark::getColumn).orElse(-1) + 1);
  }

  private static String child(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** Where something is: key path, line and column, both from 1. */
  private record Place(String path, int line, int column) {
    /** A key that is not there: reported where its parent begins. */
    Place child(String key) {
      return new Place(RecordBinder.child(path, key), line, column);
    }
  }
}
