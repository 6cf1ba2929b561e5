// predict_ones MODEL: loads a model and prints what it answers for inputs full of ones.
#include <cornu/model.h>

#include <cstdio>
#include <vector>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: predict_ones MODEL\n");
    return static_cast<int>(cornu::ErrorCode::bad_argument);
  }
  try {
    const cornu::Model model = cornu::load_model(argv[1]);
    std::vector<std::vector<float>> values;  // what the arrays below view
    std::vector<cornu::Array> inputs;
    for (const cornu::PortInfo& port : model.inputs()) {
      std::vector<int64_t> shape = port.shape;
      int64_t count = 1;
      for (int64_t& size : shape) count *= (size = size < 0 ? 1 : size);
      values.emplace_back(static_cast<size_t>(count), 1.0F);
      inputs.push_back(cornu::Array::view(cornu::DType::float32, shape, values.back().data()));
    }
    const std::vector<cornu::Array> answers = model.predict(inputs);
    for (size_t i = 0; i < answers.size(); ++i) {
      std::printf("%s: %lld values\n", model.outputs()[i].name.c_str(),
                  static_cast<long long>(answers[i].size()));
    }
  } catch (const cornu::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(error.code());
  }
  return 0;
}
