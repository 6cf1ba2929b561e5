"""keras.Model: a loaded model that predicts, and the models inside it."""

from __future__ import annotations

import os
import weakref
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cornu import _cornu
from cornu._arrays import Tensor, gives_batches, to_input
from cornu.errors import BadArgumentError, UnsupportedError
from cornu.keras import _graph, _saving, _states, _structure
from cornu.keras._scoring import Scoring
from cornu.keras._tensor import KerasTensor, Shape
from cornu.keras._variable import Variable
from cornu.keras.layers import MODELS, REGISTERED, Info, Layer, layer_class, serials, snake_case, weight_array

if TYPE_CHECKING:
    from cornu.keras._custom import CustomFinder

DEFAULT_BATCH_SIZE = 32  # Keras's


# What a compiled model has; a Sequential and a subclass get it when the shapes of their inputs are known.
COMPILED = ("_native_model", "_infos", "_weight_infos", "_cache", "_made_views", "_custom", "_origin", "_synced", "_made_of")


class Model(Scoring, Layer):
    """A model that predicts; usable from several threads at a time.

    load_model() makes one of a file, whose pages hold the weights, shared by all processes. Model(inputs, outputs) makes one
    of a part of another: between its input tensors and any outputs of its layers. A subclass whose `call` is made of layers and
    operators is traced once, for the first arrays or tensors that it is called with.

    Args:
        inputs, outputs: tensors of one loaded model, or of keras.Input and the layers called on it; or lists or dicts of them.
        name: default: the name of the whole, or functional, functional_1, ...
    Raises: BadArgumentError if the outputs depend on an input that is not given; UnsupportedError for other tensors.
    """

    def __init__(self, inputs: Any = None, outputs: Any = None, name: str | None = None, **kwargs: Any) -> None:
        del kwargs
        if inputs is None and outputs is None and type(self).call is not Layer.call:
            from cornu.keras import _building

            self._own_name = self._name = name or _building.unique_name(snake_case(type(self).__name__))
            self._calls, self._variables, self._values, self._serial = [], [], [], next(serials)
            self.built = False
            return
        given = _structure.flatten(inputs)
        wanted = _structure.flatten(outputs)
        tensors = [item for item in [*given, *wanted] if isinstance(item, KerasTensor)]
        if len(tensors) == len(given) + len(wanted) and any(item._call is not None for item in tensors):
            self._build(inputs, outputs, name)
            return
        graphs = {id(item._graph): item._graph for item in [*given, *wanted] if isinstance(item, KerasTensor)}
        plain = all(isinstance(item, KerasTensor) for item in [*given, *wanted])
        if not plain or len(graphs) != 1 or None in graphs.values():
            raise UnsupportedError("a model is made of tensors of one loaded model: its inputs, and outputs of its layers", "Model")
        graph = next(iter(graphs.values()))
        refs = _structure.map_leaves(lambda item: list(item._ref), outputs)
        config = _graph.cut(graph._functional(), given, wanted, refs, name)
        indices: list[int] = []
        children = {child.name: child for child in graph._children()}
        for item in _graph.layer_list(config):
            if _graph.name_of(item) in children:
                first, count = children[_graph.name_of(item)]._range
                indices += range(first, first + count)
        self.__dict__.update(graph._root._part(config, indices).__dict__)

    def _build(self, inputs: Any, outputs: Any, name: str | None) -> None:
        """Makes the model of calls of free layers; its weights are drawn when they are first needed."""
        from cornu.keras import _building

        config, layers = _building.functional(inputs, outputs, name or _building.unique_name("functional"))
        self.__class__ = model_class("Functional") if type(self) is Model else type(self)
        self._calls, self._serial = [], next(serials)
        self._compile_of(config, layers)

    def _compile_of(self, config: dict[str, Any], layers: list[Any]) -> None:
        import json

        from cornu.keras import _building

        self._custom, self._origin = None, None
        self._made_of = {layer.name: layer for layer in layers}
        _states.belong(self, layers)
        self._cells = _building.cells_of(layers)
        self._synced = -1
        self._take(_cornu.from_config(json.dumps(config), [], _threads(), None))

    def _build_for(self, x: Any) -> None:
        """Traces the call() of a subclass, once, for inputs of the shapes of `x`."""
        if self._own_name is None or "_native_model" in self.__dict__:
            return
        from cornu.keras import _building

        def symbol(value: Any) -> KerasTensor:
            array = value if isinstance(value, KerasTensor) else np.asarray(value)
            kind = "float32" if str(array.dtype).startswith("float") else array.dtype
            return _building.input_tensor(batch_shape=(None, *array.shape[1:]), dtype=kind)

        inputs = _structure.map_leaves(symbol, x)
        config, layers = _building.functional(inputs, self.call(inputs), self._own_name)
        self._compile_of(config, layers)

    _own_name: str | None = None  # of a subclass with a call() of its own
    _made_of: dict[str, Any] | None = None  # the free layers that the model is made of, by name
    _synced = -1  # Cell.changes when the native model last had the cells' values
    _custom: CustomFinder | None
    _origin: tuple[Model, dict[str, Any], list[int]] | None  # of a part: the whole, its config and its weights
    _native_model: _cornu.Model

    @classmethod
    def _of(cls, native: _cornu.Model, custom: CustomFinder | None = None) -> Any:
        """The model of a native one."""
        model: Any = object.__new__(model_class(native.class_name))
        model._serial = next(serials)
        model._custom = custom
        model._origin = None
        model._take(native)
        if custom is not None:
            custom.fill(model)
        return model

    def _take(self, native: _cornu.Model) -> None:
        """Makes `native` what computes; what the caller said of trainability stays if the layers do."""
        _states.hand_on(self.__dict__.get("_native_model"), native)
        self._native_model = native
        self._infos = [Info(*fields) for fields in native.layers]
        self._weight_infos = native.weights
        self._cache: dict[str, Any] = {}
        # Views refer to the model; if it held them as well, it would live until Python looks for cycles.
        self._made_views: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
        self._trainables: dict[int, bool] = self.__dict__.get("_trainables", {})

    @property
    def _computing(self) -> _cornu.Model:
        """The compiled model over the values that its weights have now."""
        native = self._native  # first: a Sequential gets its cells when it is compiled
        if self._owner is None and self._cells is not None:
            from cornu.keras._building import Cell

            if self._synced != Cell.changes:
                self._synced = Cell.changes
                values = [cell.value for cell in self._cells]
                if any(a is not b for a, b in zip(values, self.__dict__.get("_values_held", [None] * len(values)), strict=True)):
                    self._values_held = values
                    self._take(_cornu.from_config(native.config, list(values), _threads(), self._custom))
                    native = self._native
        return native

    def _ensure_cells(self) -> None:
        """Makes the weights of a loaded model such as those of free layers, which models share."""
        if self._cells is not None:
            return
        from cornu.keras._building import Cell

        cells = []
        for index, (path, dtype, shape, trainable) in enumerate(self._native.weights):
            cell = Cell(path.rsplit("/", 1)[-1], tuple(shape), dtype, trainable, lambda: np.zeros(0))
            cell._value, cell._make = self._value(index), None
            cells.append(cell)
        self._values_held = [cell.value for cell in cells]
        self._cells, self._calls, self._synced = cells, [], Cell.changes

    def _all_cells(self) -> list[Any]:
        self._ensure_cells()
        return list(self._cells)

    def _as_json(self) -> dict[str, Any]:
        kind = "sequential" if self._native.class_name == "Sequential" else "functional"
        return {"module": f"keras.src.models.{kind}", **self._json, "registered_name": self._native.class_name, "name": self.name}

    # What a model tells.

    @property
    def _root(self) -> Any:
        return self if self._owner is None else self._owner

    @property
    def _native(self) -> _cornu.Model:
        """The compiled model; of a nested model compiled when it is first asked for."""
        if self._owner is None:
            return self._native_model
        root_native = self._root._native
        cached = self.__dict__.get("_nested")
        if cached is None or cached[0] is not root_native:
            first, count = self._range
            part = self._root._part(self._functional(), list(range(first, first + count)))
            cached = (root_native, part)
            self._nested = cached
        nested: _cornu.Model = cached[1]._native
        return nested

    @property
    def name(self) -> str:
        """The model's name in its config."""
        if self._own_name is not None:
            return self._own_name
        return self._root._native.name if self._index < 0 else self._info.name

    @property
    def trainable(self) -> bool:
        """As the config says."""
        if self._index >= 0:
            return super().trainable
        config = self._json["config"]
        stored = config.get("trainable", True) if isinstance(config, dict) else True
        return bool(self._trainables.get(-1, stored))

    @trainable.setter
    def trainable(self, value: bool) -> None:
        """Accepted as in Keras: it moves weights between trainable_weights and non_trainable_weights."""
        for layer in [self, *self._below()]:
            self._root._trainables[layer._index] = value

    @property
    def inputs(self) -> list[KerasTensor]:
        """The input tensors, in the model's order."""
        refs = self._refs("input_layers")
        return [
            KerasTensor(name, shape, dtype, self, ref) for (name, dtype, shape), ref in zip(self._native.inputs, refs, strict=True)
        ]

    @property
    def outputs(self) -> list[KerasTensor]:
        """The output tensors, in the model's order."""
        refs = self._refs("output_layers")
        return [
            KerasTensor(name, shape, dtype, self, ref) for (name, dtype, shape), ref in zip(self._native.outputs, refs, strict=True)
        ]

    @property
    def input(self) -> Any:
        """The input tensor, or the inputs as the model nests them."""
        return _structure.pack(self._structure("input_layers"), list(self.inputs))

    @property
    def output(self) -> Any:
        """The output tensor, or the outputs as the model nests them."""
        return _structure.pack(self._structure("output_layers"), list(self.outputs))

    @property
    def input_names(self) -> list[str]:
        """Names of the inputs."""
        return [port[0] for port in self._native.inputs]

    @property
    def output_names(self) -> list[str]:
        """Names of the outputs."""
        return [port[0] for port in self._native.outputs]

    @property
    def input_shape(self) -> Shape | list[Shape]:
        """The shape of the input, or a list of shapes if there are several inputs."""
        shapes = [port[2] for port in self._native.inputs]
        return shapes[0] if len(shapes) == 1 else shapes

    @property
    def output_shape(self) -> Shape | list[Shape]:
        """The shape of the output, or a list of shapes if there are several outputs."""
        shapes = [port[2] for port in self._native.outputs]
        return shapes[0] if len(shapes) == 1 else shapes

    @property
    def layers(self) -> list[Any]:
        """The layers of the model, without those inside other layers; a Sequential's input layer is left out, as in Keras."""
        listed = self._listed_views()
        return listed if self._made_of is None else [self._made_of.get(layer.name, layer) for layer in listed]

    def _listed_views(self) -> list[Any]:
        return [layer for layer in self._children() if self._is_listed(layer)]

    def get_layer(self, name: str | None = None, index: int | None = None) -> Any:
        """The layer of a name, or the one at an index of `layers`. Raises BadArgumentError if there is none."""
        layers = self.layers
        if (name is None) == (index is None):
            raise BadArgumentError("give either a name or an index", "get_layer")
        if index is not None:
            if not -len(layers) <= index < len(layers):
                raise BadArgumentError(f"the model has {len(layers)} layers, received index {index}", "get_layer")
            return layers[index]
        for layer in layers:
            if layer.name == name:
                return layer
        raise BadArgumentError(f"the model has no layer {name!r}; it has {[layer.name for layer in layers]}", "get_layer")

    def get_config(self) -> dict[str, Any]:
        """The model's config; Model.from_config makes a model without weights of it."""
        config = self._json["config"]
        return dict(config) if isinstance(config, dict) else {"name": self.name, "layers": config}

    def to_json(self, **kwargs: Any) -> str:
        """The architecture as JSON text, for model_from_json; arguments are those of json.dumps."""
        import json

        return json.dumps(self._versioned(), **kwargs)

    def summary(
        self,
        line_length: int | None = None,
        positions: Sequence[float] | None = None,
        print_fn: Callable[[str], Any] | None = None,
        expand_nested: bool = False,
        show_trainable: bool = False,
        layer_range: Sequence[str] | None = None,
    ) -> None:
        """Prints a table of the layers, as Keras 3 does.

        Args:
            line_length: characters of a line; default: what the terminal has, at most 88, or 108 with connections.
            positions: where the columns end, as parts of the line.
            print_fn: takes the whole text; default: it goes to standard output.
            expand_nested: also the layers inside models.
            show_trainable: a column that tells what training would change.
            layer_range: regular expressions of the first and the last layer shown.
        """
        from cornu.keras._summary import print_summary

        print_summary(self, line_length, positions, print_fn, expand_nested, show_trainable, layer_range)

    # What a model computes.

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: str | int = "auto",
        steps: int | None = None,
        callbacks: Any = None,
    ) -> Any:
        """Answers for all rows of the inputs.

        Args:
            x: an array, what NumPy can make one of (pandas, tensors of other libraries), or arrays nested as `input` is, by
                name, or in a list in the order of `inputs`; cast to the declared types. Or batches: a generator or other
                iterable, or an object with `__len__` and `__getitem__`, of x, (x, y) or (x, y, sample_weight).
            batch_size: rows of one pass, at least 1; None means 32. Batches are taken as they come.
            verbose: 0 silent, 1 a progress bar on standard output, 2 a line; "auto" is 1.
            steps: the number of batches; None means all.
            callbacks: keras.callbacks.Callback, or a list of them.
        Returns: an array, or arrays as `output` is nested; rows in the order of `x`.
        Raises: BadShapeError if an array does not fit; BadArgumentError for a name or size that is wrong.
        """
        self._build_for(x)
        size = DEFAULT_BATCH_SIZE if batch_size is None else _checked_batch_size(batch_size)
        if verbose == 0 and steps is None and not callbacks:
            if isinstance(x, np.ndarray) and not self._several_outputs():
                answer = self._computing.call(x, size)
                if answer is not None:
                    return answer
            if not gives_batches(x):
                return self._packed(self._computing.predict(self._arrays(x), size))
        from cornu.keras import _predict

        if gives_batches(x):
            if batch_size is not None:
                raise BadArgumentError("the data comes in batches, so batch_size has no meaning; leave it out", "batch_size")
            count = _predict.count_of(x) if steps is None else steps
            answers = _predict.run(self, _predict.batches_of(x), self._answer, count, verbose, callbacks)
        else:
            slices = _predict.slices_of(_structure.match(x, self._structure("input_layers"), self.input_names), size)
            count = len(slices) if steps is None else min(steps, len(slices))
            answers = _predict.run(self, slices, self._answer_flat, count, verbose, callbacks)
        return self._packed(answers)

    def predict_on_batch(self, x: Any) -> Any:
        """Like predict() without a progress bar, all rows in one pass."""
        self._build_for(x)
        if isinstance(x, np.ndarray) and not self._several_outputs():
            answer = self._computing.call(x)
            if answer is not None:
                return answer
        return self._packed(self._answer(x))

    def __call__(self, *args: Any, training: bool | None = False, mask: Any = None) -> Any:
        """Answers for all rows in one pass, as arrays with TensorFlow's numpy().

        Args:
            args: the inputs, as predict() takes them.
            training: a loaded model only infers: must be false or None.
            mask: must be None: masks come from the model's own layers.
        Raises: UnsupportedError if `training` is true or a mask is given; what predict() raises.
        """
        self._build_for(args[0] if len(args) == 1 else list(args))
        if args and _structure.flatten(args) and isinstance(_structure.flatten(args)[0], KerasTensor):
            from cornu.keras import _building

            self._ensure_cells()
            return _building.call_layer(self, args, {"mask": mask})
        if training or mask is not None:
            wrong = "training" if training else "mask"
            raise UnsupportedError(f"a loaded model only infers, with its own masks; call it without {wrong}", wrong)
        x = args[0] if len(args) == 1 else list(args)
        if isinstance(x, np.ndarray) and not self._several_outputs():
            answer = self._computing.call(x)
            if answer is not None:
                return answer.view(Tensor)
        return _structure.map_leaves(lambda item: item.view(Tensor), self._packed(self._answer(x)))

    def reset_states(self) -> None:
        """Makes what stateful layers keep from batch to batch zero again."""
        _states.reset(self)

    # Weights and files.

    def load_weights(self, filepath: str | os.PathLike[str], skip_mismatch: bool = False, **kwargs: Any) -> None:
        """Takes the weights of a file: .weights.h5, .h5, .keras, a folder of one or a TensorFlow checkpoint; told apart by content.

        Args:
            filepath: a weights file or a whole model; its layers must be those of this model. Of a checkpoint: the prefix of its
                files, the .index file, or a folder, of which the latest is taken.
            skip_mismatch: must be False.
            kwargs: accepted as in Keras: `by_name` if it is false.
        Raises: what load_model() raises; UnsupportedError for arguments that are not there.
        """
        if skip_mismatch or any(kwargs.values()):
            raise UnsupportedError("weights are loaded for all layers, as the file orders them", "load_weights")
        if self._owner is not None:
            raise UnsupportedError("load the weights of the whole model, not of one inside it", "load_weights")
        native = _cornu.load(os.fsdecode(filepath), self.to_json(), _threads(), self._custom)
        if self._cells is not None:
            for index, cell in enumerate(self._cells):
                cell.assign(weight_array(native, index))
            return
        self._take(native)
        self._origin = None
        if self._custom is not None:
            self._custom.fill(self)

    def save(self, filepath: str | os.PathLike[str], overwrite: bool = True, zipped: bool | None = None, **kwargs: Any) -> None:
        """Writes config and weights as Keras 3 does: .keras, or HDF5 if the name ends in .h5 or .hdf5; see _saving.save."""
        _saving.save(self._saved(), filepath, overwrite, zipped, **kwargs)

    def save_weights(self, filepath: str | os.PathLike[str], overwrite: bool = True, max_shard_size: float | None = None) -> None:
        """Writes the weights alone as Keras 3 does; the name must end in .weights.h5."""
        _saving.save_weights(self._saved(), filepath, overwrite, max_shard_size)

    def export(
        self,
        filepath: str | os.PathLike[str],
        format: str = "tf_saved_model",  # noqa: A002
        verbose: bool | None = None,
        input_signature: Any = None,
        **kwargs: Any,
    ) -> None:
        """Writes a SavedModel folder that TensorFlow and TF Serving load; see _saving.export."""
        _saving.export(self._saved(), filepath, format, verbose, input_signature, **kwargs)

    def _saved(self) -> _saving.Saved:
        """The native model and its config, which tells the Keras that it is of; and what belongs to training."""
        return self._computing, self.to_json(), self._compiled_json, self._optimizer_state()

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Any:
        """A model of what get_config() gave; it has no weights until load_weights() or set_weights()."""
        if "layers" not in config and cls.call is not Layer.call:  # a subclass whose author wrote the config
            return cls(**config)
        name = "Functional" if "input_layers" in config else "Sequential"
        return from_serialized({"class_name": name, "config": config}, custom_objects)

    def __reduce__(self) -> Any:
        """Pickles to a handle of some hundred bytes: of the file, or of memory that lives as long as this process has the model.

        The four models without a file that were pickled last are kept, so that one may go out of scope while its pickle travels.
        """
        if self._owner is not None:
            return _nested, (self._owner, self._index)
        objects = None if self._custom is None else self._custom.objects
        if self._origin is not None:
            return _part, self._origin
        native = self._computing
        if not native.has_weights:
            return from_serialized, (self._versioned(), objects)
        handle = native.handle
        if not native.path:
            _pickled.append(native)
        return (attach, (handle,)) if objects is None else (attach, (handle, objects))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, inputs={self.input_shape}, outputs={self.output_shape}>"

    def __getattr__(self, name: str) -> Any:
        if name in COMPILED and self._own_name is not None:
            raise BadArgumentError("its layers have no shapes yet; call it with arrays or a keras.Input first", self._own_name)
        return super().__getattr__(name)

    # How the parts above find their data.

    @property
    def _jsons(self) -> list[dict[str, Any]]:
        """The serialized form of each layer of the tree; the model's own is last."""
        jsons: list[dict[str, Any]] = self._cached("jsons", lambda: _tree_jsons(self._infos, self._serialized()))
        return jsons

    @property
    def _views(self) -> list[Any]:
        """A view for each layer of the tree."""
        return [self._view(index) for index in range(len(self._infos))]

    def _view(self, index: int) -> Any:
        """The view of a layer of the tree; the same one for as long as somebody holds it."""
        view = self._made_views.get(index)
        if view is None:
            class_name = self._infos[index].class_name
            view = object.__new__(model_class(class_name) if class_name in MODELS else layer_class(class_name))
            view._owner = self
            view._index = index
            self._made_views[index] = view
        return view

    def _cached(self, key: str, make: Callable[[], Any]) -> Any:
        if key not in self._cache:
            self._cache[key] = make()
        return self._cache[key]

    @property
    def _range(self) -> tuple[int, int]:
        return (0, len(self._weight_infos)) if self._index < 0 else (self._info.first_weight, self._info.weight_count)

    @property
    def _json(self) -> dict[str, Any]:
        json_of: dict[str, Any] = self._root._jsons[self._index]
        return json_of

    def _serialized(self) -> dict[str, Any]:
        import json

        config: Any = self._native.config
        if not config:
            raise UnsupportedError("it has no Keras config; load the .keras or .h5 file that it was exported from", self.name)
        while isinstance(config, str):  # some files hold JSON text inside JSON text
            config = json.loads(config)
        return _graph.unwrapped(config)

    def _versioned(self) -> dict[str, Any]:
        """The serialized model with the version of Keras whose dialect it is in."""
        root = self._root._native
        versions = {"keras_version": root.keras_version, "backend": root.backend}
        return {**self._json, **{key: value for key, value in versions.items() if value and key not in self._json}}

    def _functional(self) -> dict[str, Any]:
        """The model as a serialized functional model."""
        if self._json["class_name"] != "Sequential":
            return self._versioned()
        if self._index < 0:
            ports = self._root._native.inputs
            inputs = [KerasTensor(name, shape, dtype) for name, dtype, shape in ports]
        else:
            inputs = [KerasTensor("input", shape, "float32") for shape in self._info.input_shapes]
        made = _graph.as_functional(self._versioned(), inputs)
        versions = self._versioned()
        return {**made, **{key: versions[key] for key in ("keras_version", "backend") if key in versions}}

    def _refs(self, key: str) -> list[Any]:
        refs: list[Any] = []

        def walk(part: Any) -> None:
            if _structure.is_ref(part):
                refs.append((part[0], part[1], part[2]))
            else:
                for item in [part[k] for k in sorted(part)] if isinstance(part, dict) else part:
                    walk(item)

        walk(self._functional()["config"][key])
        return refs

    def _structure(self, key: str) -> Any:
        """How the inputs (`input_layers`) or outputs are nested."""
        return self._root._cached(f"{key} {self._index}", lambda: self._read_structure(key))

    def _read_structure(self, key: str) -> Any:
        if not self._native.config:  # a SavedModel of TensorFlow alone: what its signature names
            return self._named_ports(key)
        if self._index < 0 and (stored := getattr(self._native, key)):  # without making Python objects of the whole config
            import json

            return _structure.structure_of(json.loads(stored))
        if self._json["class_name"] == "Sequential" or not isinstance(self._json["config"], dict):
            return "x" if len(self._native.inputs if key == "input_layers" else self._native.outputs) == 1 else []
        if key not in self._json["config"]:  # a model whose graph is its author's code
            return self._named_ports(key)
        return _structure.structure_of(self._json["config"][key])

    def _named_ports(self, key: str) -> Any:
        names = [port[0] for port in (self._native.inputs if key == "input_layers" else self._native.outputs)]
        return names[0] if len(names) == 1 else {name: name for name in names}

    def _several_outputs(self) -> bool:
        return not isinstance(self._structure("output_layers"), str)

    def _packed(self, answers: list[Any]) -> Any:
        structure = self._structure("output_layers")
        if isinstance(structure, str):
            return answers[0]
        return _structure.pack(structure, answers) if structure else answers

    def _arrays(self, x: Any) -> list[Any]:
        """The inputs in the model's order, as the native module takes them."""
        ports = self._native.inputs
        given = _structure.match(x, self._structure("input_layers"), [port[0] for port in ports])
        return [to_input(value, name, dtype) for value, (name, dtype, _) in zip(given, ports, strict=True)]

    def _answer(self, x: Any) -> list[np.ndarray]:
        return self._run(self._arrays(x))

    def _answer_flat(self, values: list[Any]) -> list[np.ndarray]:
        ports = self._native.inputs
        return self._run([to_input(value, name, dtype) for value, (name, dtype, _) in zip(values, ports, strict=True)])

    def _run(self, arrays: list[Any]) -> list[np.ndarray]:
        """All rows in one pass."""
        rows = max((_rows(array) for array in arrays), default=1)
        return self._computing.predict(arrays, max(rows, 1))

    def _is_listed(self, layer: Any) -> bool:
        if layer._info.attribute != "layers" or layer._info.operation:
            return False
        return not (self._json["class_name"] == "Sequential" and layer._info.class_name == "InputLayer")

    def _variable(self, index: int) -> Variable:
        path, dtype, shape, trainable = self._weight_infos[index]
        if self._made_of is not None:
            trainable = self._trainables.get(-1, True) and self._free_trainable(index)
        elif self._trainables:
            holders = [i for i, info in enumerate(self._infos) if 0 <= index - info.first_weight < info.weight_count]
            trainable = trainable and all(self._trainables.get(i, True) for i in [-1, *holders])

        def write(value: np.ndarray) -> None:
            self._replace(index, [value])

        return Variable(path.rsplit("/", 1)[-1], shape, dtype, trainable, path, lambda: self._value(index), write)

    def _free_trainable(self, index: int) -> bool:
        """Whether training would change a weight of the free layers that the model is made of, as they say now."""
        assert self._made_of is not None
        for info in self._infos:
            if info.depth == 0 and 0 <= index - info.first_weight < info.weight_count:
                layer = self._made_of[info.name]
                if isinstance(layer, Model):
                    return bool(layer._root._variable(layer._range[0] + index - info.first_weight).trainable)
                return bool(self._cells[index].trainable and layer._trainable)
        return True

    def _value(self, index: int) -> np.ndarray:
        if self._cells is not None:
            value: np.ndarray = self._cells[index].value
            return value
        return weight_array(self._native, index)

    def _replace(self, first: int, arrays: Sequence[np.ndarray]) -> None:
        """Takes new weights from index `first` on."""
        if self._cells is not None:
            for cell, array in zip(self._cells[first:], arrays, strict=False):
                cell.assign(array)
            return
        native = self._native
        weights: list[Any] = [native.weight(i) for i in range(len(self._weight_infos))]
        weights[first : first + len(arrays)] = [np.asarray(array, order="C") for array in arrays]
        self._take(_cornu.from_config(self.to_json(), weights, _threads(), self._custom))
        self._origin = None
        if self._custom is not None:
            self._custom.fill(self)

    def _part(self, config: dict[str, Any], indices: list[int]) -> Any:
        """A model of another config over some of this one's weights."""
        import json

        native = self._native
        weights: list[object] = [native.weight(i) for i in indices]
        versions = {key: value for key, value in (("keras_version", native.keras_version), ("backend", native.backend)) if value}
        text = json.dumps({**versions, **config})
        part = Model._of(_cornu.from_config(text, weights, _threads(), self._custom), self._custom)
        part._origin = (self, config, indices)
        return part


def custom_finder(custom_objects: Mapping[str, Any] | None) -> CustomFinder | None:
    """What finds the given and the registered custom objects for the native module; None if there are none."""
    if not custom_objects and not REGISTERED:
        return None
    from cornu.keras._custom import CustomFinder

    return CustomFinder({**REGISTERED, **(custom_objects or {})})


_pickled: deque[_cornu.Model] = deque(maxlen=4)  # without a file; see Model.__reduce__

_MODEL_CLASSES: dict[str, type[Model]] = {"Model": Model}


def model_class(name: str) -> type[Model]:
    """Model, or its sub-class for "Functional" and "Sequential"."""
    if name not in _MODEL_CLASSES:
        _MODEL_CLASSES[name] = type(name, (Model,), {"__module__": __name__, "__doc__": f"Keras's {name}: see Model."})
    return _MODEL_CLASSES[name]


def from_serialized(
    serialized: dict[str, Any], custom_objects: Mapping[str, Any] | None = None, weights: Sequence[Any] = ()
) -> Any:
    """The model of a serialized config, with weights in its order, or without any."""
    import json

    custom = custom_finder(custom_objects)
    arrays = [np.asarray(weight, order="C") for weight in weights]
    return Model._of(_cornu.from_config(json.dumps(serialized), list(arrays), _threads(), custom), custom)


def attach(handle: str, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The model of a handle, as pickling makes it: over the same pages of the same file as in the process that made it.

    Raises: BadFileError if the file was replaced or changed since; NotFoundError, IoError; BadArgumentError if it is no handle.
    """
    from cornu.keras import models

    return models.attach(handle, custom_objects)


def _part(whole: Model, config: dict[str, Any], indices: list[int]) -> Any:
    return whole._part(config, indices)


def _nested(root: Model, index: int) -> Any:
    return root._view(index)


def _tree_jsons(infos: list[Info], root: dict[str, Any]) -> list[dict[str, Any]]:
    """The serialized layer of each entry, and at the end that of the whole."""
    jsons: list[dict[str, Any]] = []
    parents: list[tuple[dict[str, Any], dict[str, int]]] = [(root, {})]  # serialized, and children met by attribute
    for info in infos:
        del parents[info.depth + 1 :]
        parent, met = parents[-1]
        at = met.get(info.attribute, 0)
        met[info.attribute] = at + 1
        found = _child_json(parent, info.attribute, at)
        jsons.append(found)
        parents.append((found, {}))
    return [*jsons, root]


def _child_json(parent: dict[str, Any], attribute: str, at: int) -> dict[str, Any]:
    config = parent.get("config", {})
    if attribute == "layers":
        layers = _graph.layer_list(parent)
        return layers[at] if at < len(layers) else {}
    if not isinstance(config, dict):
        return {}
    found = config.get(attribute, config.get("layer", parent if attribute == "cell" else {}))
    if isinstance(found, list):
        found = found[at] if at < len(found) else {}
    return found if isinstance(found, dict) else {}


def _rows(array: Any) -> int:
    shape = array[1] if isinstance(array, tuple) else array.shape
    return shape[0] if shape else 1


def _checked_batch_size(batch_size: int) -> int:
    if not isinstance(batch_size, (int, np.integer)) or batch_size < 1:
        raise BadArgumentError(f"expected an integer of at least 1, received {batch_size!r}", "batch_size")
    return int(batch_size)


def _threads() -> int:
    from cornu import config

    return config.threading.get_intra_op_parallelism_threads()
