"""keras.layers: the layers of a loaded model, and the base class of custom layers.

Every class that `cornu list layers` names is here, so that isinstance(layer, keras.layers.Conv2D) works.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from cornu import _cornu
from cornu._arrays import read_only
from cornu.errors import BadArgumentError, BadShapeError, UnsupportedError
from cornu.keras import _graph, _states
from cornu.keras._tensor import KerasTensor, Shape
from cornu.keras._variable import Variable

FUNCTIONS = {"add": "Add", "average": "Average", "concatenate": "Concatenate", "dot": "Dot", "maximum": "Maximum",
             "minimum": "Minimum", "multiply": "Multiply", "subtract": "Subtract"}  # fmt: skip
MODELS = ("Functional", "Model", "Sequential")
serials = itertools.count()  # layers are numbered in the order in which they are made
REGISTERED: dict[str, Any] = {}  # the custom objects that every load_model() knows, by name


class Info(NamedTuple):
    """What the native module tells about a layer; the layers below it follow in the list, one deeper."""

    name: str
    class_name: str
    attribute: str  # of the layer above that holds it
    depth: int
    params: int
    trainable: bool
    operation: bool  # a function of keras.ops, which is not counted among the layers
    input_shapes: list[Shape]
    output_shapes: list[Shape]
    inbound: list[str]
    first_weight: int
    weight_count: int


@dataclasses.dataclass(frozen=True)
class _Kind:
    """Arrays of one type whose sizes beside the batch are equal."""

    dtype: str
    shape: Shape


class Layer:
    """A layer of a loaded model; for custom layers the base class, as in Keras.

    A custom layer defines `call`, and may define `build` (which makes weights with add_weight), `compute_output_shape` and
    `get_config`. It computes on NumPy arrays.

    Args:
        name, trainable, dtype: as in Keras.
    """

    supports_masking = False
    _owner: Any = None  # the model that a layer of a loaded model belongs to
    _class_name = ""  # of a free layer that is Keras's: see _building
    _module = "keras.layers"
    _config: dict[str, Any]
    _calls: list[Any]
    _cells: Any = None
    _first_shape: Any = None  # of the input, as the first layer of a Sequential may say it
    _index = -1  # its place in the layer tree

    def __init__(self, *, name: str | None = None, trainable: bool = True, dtype: Any = None, **kwargs: Any) -> None:
        unknown = set(kwargs) - {"activity_regularizer", "autocast", "batch_input_shape", "input_shape", "batch_shape", "dynamic"}
        if unknown:
            raise BadArgumentError(f"{type(self).__name__} does not take {sorted(unknown)}", "kwargs")
        self._serial = next(serials)
        self._name = name or snake_case(type(self).__name__)
        self._trainable = trainable
        self._dtype = dtype if isinstance(dtype, str) else "float32"
        self._variables: list[Variable] = []
        self._values: list[np.ndarray] = []
        self.built = False

    # What custom layers define and use.

    def build(self, input_shape: Any) -> None:
        """Makes the weights."""

    def call(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Computes the outputs of NumPy arrays."""
        raise NotImplementedError(f"{type(self).__name__} has no call()")

    def add_weight(
        self,
        shape: Any = None,
        initializer: Any = None,
        dtype: Any = None,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> Variable:
        """A weight that the model's file fills: zero until then; other arguments are accepted as in Keras."""
        del initializer, kwargs
        index = len(self._values)
        sizes = () if shape is None else (shape,) if isinstance(shape, int) else tuple(shape)
        own_name = name or f"variable_{index}"
        self._values.append(np.zeros(sizes, dtype or self._dtype))

        def write(value: np.ndarray) -> None:
            self._values[index] = value

        path = f"{self._name}/{own_name}"
        variable = Variable(own_name, sizes, str(self._values[index].dtype), trainable, path, lambda: self._values[index], write)
        self._variables.append(variable)
        return variable

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A layer of its config."""
        return cls(**config)

    # What layers of a loaded model tell.

    @property
    def name(self) -> str:
        """The layer's name."""
        return self._info.name if self._root is not None else self._name

    @property
    def trainable(self) -> bool:
        """As the config says."""
        return bool(self._root._trainables.get(self._index, self._info.trainable)) if self._root is not None else self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        """Accepted as in Keras: it moves weights between trainable_weights and non_trainable_weights."""
        if self._root is None:
            self._trainable = value
            return
        for layer in [self, *self._below()]:
            self._root._trainables[layer._index] = value

    @property
    def dtype(self) -> str:
        """The type of the weights."""
        weights = self.weights
        return weights[0].dtype if weights else "float32"

    @property
    def weights(self) -> list[Variable]:
        """The weights, in Keras's order."""
        if self._class_name:
            from cornu.keras import _building

            return _building.variables_of(self)
        if self._root is None:
            from cornu.keras import _composite

            return [*self._variables, *(weight for layer in _composite.inside(self) for weight in layer.weights)]
        first, count = self._range
        return [self._root._variable(i) for i in range(first, first + count)]

    @property
    def variables(self) -> list[Variable]:
        """The weights."""
        return self.weights

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that training would change."""
        return [weight for weight in self.weights if weight.trainable]

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The other weights."""
        return [weight for weight in self.weights if not weight.trainable]

    trainable_variables = trainable_weights
    non_trainable_variables = non_trainable_weights

    def get_weights(self) -> list[np.ndarray]:
        """The weights as read-only arrays: views of the model's file where their bytes are aligned there, else copies."""
        return [weight.value for weight in self.weights]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Takes new weights, in the order and shapes of get_weights(). Raises BadShapeError."""
        own = self.weights
        if len(weights) != len(own):
            raise BadShapeError(f"the layer has {len(own)} weights, received {len(weights)}", self.name)
        arrays = [np.asarray(weight) for weight in weights]
        for variable, array in zip(own, arrays, strict=True):
            if array.shape != variable.shape:
                raise BadShapeError(f"{variable.name} has shape {variable.shape}, received {array.shape}", self.name)
        if self._root is not None:
            self._root._replace(self._range[0], arrays)
        elif self._class_name:
            for variable, array in zip(own, arrays, strict=True):
                variable.assign(array)
        else:
            self._values[:] = arrays

    def count_params(self) -> int:
        """The number of weights."""
        return sum(int(np.prod(weight.shape, dtype=np.int64)) for weight in self.weights)

    def get_config(self) -> dict[str, Any]:
        """The layer's config."""
        if self._class_name:
            from cornu.keras import _building

            if self._module != "keras.layers":  # an operation
                return {"name": self._name, **self._config}
            own = {} if self._class_name == "InputLayer" else {"trainable": self._trainable}
            dtype = self._dtype if self._class_name == "InputLayer" else _building.policy(self._dtype)
            return {"name": self._name, **own, "dtype": dtype, **self._config}
        if self._root is None:
            return {"name": self._name, "trainable": self._trainable, "dtype": self._dtype}
        config = self._json.get("config", {})
        return dict(config) if isinstance(config, dict) else {"layers": config}

    @property
    def input_shape(self) -> Any:
        """The shape that goes in, or a list of shapes."""
        if self._class_name:
            return _one_or_list([tensor.shape for tensor in self._first_call().tensors])
        return _one_or_list(self._info.input_shapes)

    @property
    def output_shape(self) -> Any:
        """The shape that comes out, or a list of shapes."""
        if self._class_name:
            return _one_or_list([tensor.shape for tensor in self._first_call().outputs])
        return _one_or_list(self._info.output_shapes)

    @property
    def output(self) -> Any:
        """The tensor that comes out of the layer's first call, or a list of tensors."""
        if self._class_name:
            return _one_or_list(list(self._first_call().outputs))
        graph = self._graph_of()
        node = _graph.first_node(graph._functional(), self.name)
        shapes = self._info.output_shapes
        return _one_or_list([KerasTensor(self.name, s, "float32", graph, (self.name, node, i)) for i, s in enumerate(shapes)])

    @property
    def input(self) -> Any:
        """The tensor that goes into the layer's first call, or a list of tensors."""
        if self._class_name:
            return _one_or_list(list(self._first_call().tensors))
        graph = self._graph_of()
        nodes = self._functional_json(graph).get("inbound_nodes", [])
        refs = _graph.refs_in(nodes[0]) if nodes else [(self.name, 0, 0)]
        shapes = self._info.input_shapes
        return _one_or_list([KerasTensor(ref[0], s, "float32", graph, ref) for ref, s in zip(refs, shapes, strict=False)])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the layer gives: symbolic tensors for such, arrays for arrays; of a custom layer, call() after build()."""
        if self._class_name:
            from cornu.keras import _building

            if _building.holds_tensor(args, kwargs):
                return _building.call_layer(self, args, kwargs)
            return self._eagerly(args, kwargs)
        if self._root is not None:
            return self._alone()(args[0] if len(args) == 1 else list(args))
        if not self.built:
            self.build(_shape_of(args[0]))
            self.built = True
        return self.call(*args, **kwargs)

    def _eagerly(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What a free layer gives for arrays: a model of its own of one call."""
        from cornu.keras import _building
        from cornu.keras._model import Model
        from cornu.keras._structure import map_leaves

        arrays: list[np.ndarray] = []

        def plain(value: Any) -> Any:
            """What tells one kind of call from another: of arrays the type and sizes without the batch."""
            if value is None or isinstance(value, (str, bool)):
                return value
            array = np.asarray(value)
            if array.dtype.kind == "f":
                array = array.astype(np.float32)
            arrays.append(array)
            return _Kind(str(array.dtype), (None, *array.shape[1:]) if array.ndim else ())

        def symbol(value: Any) -> Any:
            if not isinstance(value, _Kind):
                return value
            numbers.append(len(numbers) + 1)
            return _building.input_tensor(batch_shape=value.shape, dtype=value.dtype, name=f"array_{numbers[-1]}")

        numbers: list[int] = []
        kinds = [map_leaves(plain, list(args)), {key: map_leaves(plain, v) for key, v in kwargs.items() if key != "training"}]
        made = self.__dict__.setdefault("_eager", {})
        if repr(kinds) not in made:
            positional, named = map_leaves(symbol, kinds[0]), {key: map_leaves(symbol, v) for key, v in kinds[1].items()}
            outputs = _building.call_layer(self, tuple(positional), named)
            made[repr(kinds)] = Model(self._calls.pop().tensors, outputs, name="call")
        return made[repr(kinds)](arrays if len(arrays) > 1 else arrays[0])

    def _first_call(self) -> Any:
        if not self._calls:
            raise BadArgumentError("the layer has not been called, so it has no inputs and outputs yet", self._name)
        return self._calls[0]

    def _as_json(self) -> dict[str, Any]:
        """A free layer as Keras writes it, without its calls."""
        from cornu.keras import _building

        return _building.serialized(self._module, self._class_name, self.get_config(), self._name)

    def _all_cells(self) -> list[Any]:
        return list(self._cells or [])

    def _own_weights(self) -> list[int]:
        """Indices of the weights that are this layer's and not those of a layer inside."""
        first, count = self._range
        inside = {i for child in self._children() for i in range(child._range[0], child._range[0] + child._range[1])}
        return [i for i in range(first, first + count) if i not in inside]

    def __getattr__(self, name: str) -> Any:
        """Arguments of the config (`units`, `strides`), weights (`kernel`) and layers inside (`cell`), by their names."""
        if not name.startswith("_") and self._class_name:
            for weight in self.weights:
                if weight.name == name:
                    return weight
            if name in self._config:
                value = self._config[name]
                return tuple(value) if isinstance(value, list) else value
        if name in _states.ATTRIBUTES and _states.has(self):
            return _states.attribute(self, name)
        if name.startswith("_") or self._root is None or hasattr(type(self), name):  # the last: a property that failed
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        for index in self._own_weights():
            weight = self._root._variable(index)
            if weight.name == name:
                return weight
        for child in self._children():
            if child._info.attribute == name and name != "activation":
                return child
        config = self._json.get("config", {})
        if isinstance(config, dict) and name in config:
            value = config[name]
            return tuple(value) if isinstance(value, list) else value
        raise AttributeError(f"layer {self.name!r} ({self._info.class_name}) has no attribute {name!r}")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"

    # How views find their model's data.

    @property
    def _root(self) -> Any:
        """The model that holds the weights; None for a free layer."""
        return self._owner

    @property
    def _info(self) -> Info:
        info: Info = self._root._infos[self._index]
        return info

    @property
    def _range(self) -> tuple[int, int]:
        return self._info.first_weight, self._info.weight_count

    @property
    def _json(self) -> dict[str, Any]:
        json: dict[str, Any] = self._root._jsons[self._index]
        return json

    def _children(self) -> list[Any]:
        """The layers directly inside."""
        depth = self._info.depth if self._index >= 0 else -1
        found = []
        for index in range(self._index + 1, len(self._root._infos)):
            info = self._root._infos[index]
            if info.depth <= depth:
                break
            if info.depth == depth + 1:
                found.append(self._root._view(index))
        return found

    def _below(self) -> list[Any]:
        """All layers inside, at any depth."""
        return [layer for child in self._children() for layer in [child, *child._below()]]

    def _graph_of(self) -> Any:
        """The model whose graph the layer is in."""
        depth = self._info.depth
        for index in range(self._index - 1, -1, -1):
            if self._root._infos[index].depth < depth:
                return self._root._view(index)
        return self._root

    def _functional_json(self, graph: Any) -> dict[str, Any]:
        return next(item for item in _graph.layer_list(graph._functional()) if _graph.name_of(item) == self.name)

    def _alone(self) -> Any:
        """A model of this layer only, over the same weights."""
        first, count = self._range
        dtypes = ["float32"] * len(self._info.input_shapes)
        if self._info.class_name == "Embedding":
            dtypes = ["int32"]
        inputs = [KerasTensor(f"input_{i}", s, d) for i, (s, d) in enumerate(zip(self._info.input_shapes, dtypes, strict=True))]
        config = _graph.call_of_layer(self._json, inputs, len(self._info.output_shapes))
        return self._root._part(config, list(range(first, first + count)))


def weight_array(native: _cornu.Model, index: int) -> np.ndarray:
    """A weight as a read-only array."""
    return read_only(native.weight(index))


_classes: dict[str, type[Layer]] = {}


def layer_class(name: str) -> type[Layer]:
    """The class of layers of a Keras class name."""
    if name not in _classes:
        body = {"__module__": __name__, "__doc__": f"Keras's layer {name}, with its arguments.", "__init__": _initialize}
        body["from_config"] = classmethod(_of_config)
        _classes[name] = type(name, (Layer,), body)
    return _classes[name]


def _initialize(
    self: Any, *args: Any, name: str | None = None, trainable: bool = True, dtype: Any = None, **kwargs: Any
) -> None:
    """Takes the arguments of Keras's layer of that name. Raises BadArgumentError, BadConfigError."""
    from cornu.keras import _building, _signatures

    class_name = self._class_name or type(self).__name__
    if class_name not in _signatures.LAYERS:
        raise UnsupportedError("Keras 3 has no such layer; files of older versions may hold it", class_name)
    others = ("input_shape", "batch_input_shape", "activity_regularizer")
    everywhere = {key: kwargs.pop(key) for key in others if key in kwargs}
    config = _building.config_of_arguments(class_name, args, kwargs)
    own_name = name or _building.unique_name(snake_case(class_name))
    _building.start(self, class_name, own_name, _policy_name(dtype), trainable)
    self._config = config
    if everywhere.get("activity_regularizer") is not None:
        self._config["activity_regularizer"] = _building._plain("activity_regularizer", everywhere["activity_regularizer"])
    shape = everywhere.get("batch_input_shape")
    if everywhere.get("input_shape") is not None:
        shape = (None, *everywhere["input_shape"])
    self._first_shape = shape


def _policy_name(dtype: Any) -> Any:
    """A policy by its name; a policy's JSON stays what it is."""
    if dtype is None:
        from cornu.keras import backend

        return backend.floatx()
    return dtype if isinstance(dtype, (str, dict)) else str(getattr(dtype, "name", dtype))


def _of_config(cls: Any, config: dict[str, Any]) -> Any:
    """A layer of get_config()'s result, or of a config of a file; it is taken as it is."""
    from cornu.keras import _building

    rest = dict(config)
    layer = object.__new__(cls)
    name = rest.pop("name", None) or _building.unique_name(snake_case(cls.__name__))
    _building.start(layer, cls.__name__, name, _policy_name(rest.pop("dtype", None)), rest.pop("trainable", True))
    layer._config = rest
    return layer


def __getattr__(name: str) -> Any:
    """Keras's classes and functions, made when they are first asked for."""
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = _lookup(name)
    globals()[name] = found
    return found


def _lookup(name: str) -> Any:
    from cornu.keras import _building, _signatures

    if name == "Input":
        return _building.input_tensor
    if name == "TFSMLayer":
        from cornu.keras._tfsm_layer import TFSMLayer

        return TFSMLayer
    if name in FUNCTIONS:
        return lambda inputs, **kwargs: layer_class(FUNCTIONS[name])(**kwargs)(inputs)
    known = _cornu.layer_names()
    name = name if name in known else _signatures.ALIASES.get(name, name)
    if name in known:
        return layer_class(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_cornu.layer_names()})


def snake_case(name: str) -> str:
    """Conv2DTranspose -> conv2d_transpose, as Keras does. Source: keras/src/utils/naming.py, 3.15."""
    import re

    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def _one_or_list(items: list[Any]) -> Any:
    return items[0] if len(items) == 1 else items


def _shape_of(inputs: Any) -> Any:
    if isinstance(inputs, (list, tuple)):
        return [_shape_of(item) for item in inputs]
    return tuple(np.shape(inputs))
