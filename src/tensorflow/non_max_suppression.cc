// NonMaxSuppression, V2 to V5, NonMaxSuppressionWithOverlaps, CombinedNonMaxSuppression: boxes by falling score, without
// those that overlap a chosen one too much.
// Source  tensorflow/core/kernels/image/non_max_suppression_op.cc, 2.21
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "tensorflow/compute.h"

namespace cornu::tensorflow {
namespace {

using Overlap = std::function<float(int64_t a, int64_t b)>;

// Intersection over union of boxes (y1, x1, y2, x2) with corners in any order.
float box_overlap(const float* a, const float* b) {
  const auto low = [](const float* box, int i) { return std::min(box[i], box[i + 2]); };
  const auto high = [](const float* box, int i) { return std::max(box[i], box[i + 2]); };
  const auto area = [&](const float* box) {
    return (high(box, 0) - low(box, 0)) * (high(box, 1) - low(box, 1));
  };
  const float area_a = area(a), area_b = area(b);
  if (area_a <= 0 || area_b <= 0) return 0;
  const float height = std::max(std::min(high(a, 0), high(b, 0)) - std::max(low(a, 0), low(b, 0)), 0.0F);
  const float width = std::max(std::min(high(a, 1), high(b, 1)) - std::max(low(a, 1), low(b, 1)), 0.0F);
  return height * width / (area_a + area_b - height * width);
}

struct Limits {
  int64_t most = 0;
  float overlap = 0.5F, score = -std::numeric_limits<float>::infinity(), soft_sigma = 0;
};

struct Chosen {
  std::vector<int64_t> boxes;
  std::vector<float> scores;
};

// A candidate was compared with the first `compared` chosen boxes.
struct Candidate {
  int64_t box;
  float score;
  size_t compared;
};

// With a sigma, scores fall with the overlap and the candidate is queued again.
Chosen choose(const std::vector<float>& scores, const Overlap& overlap, const Limits& limits) {
  std::vector<Candidate> heap;
  const auto worse = [](const Candidate& a, const Candidate& b) {
    return a.score < b.score || (a.score == b.score && a.box > b.box);
  };
  for (size_t i = 0; i < scores.size(); ++i) {
    if (scores[i] > limits.score) heap.push_back({static_cast<int64_t>(i), scores[i], 0});
  }
  std::make_heap(heap.begin(), heap.end(), worse);
  const float scale = limits.soft_sigma > 0 ? -0.5F / limits.soft_sigma : 0;
  Chosen chosen;
  while (static_cast<int64_t>(chosen.boxes.size()) < limits.most && !heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), worse);
    Candidate next = heap.back();
    heap.pop_back();
    const float before = next.score;
    bool dropped = false;
    for (size_t j = chosen.boxes.size(); j > next.compared && !dropped; --j) {
      const float shared = overlap(next.box, chosen.boxes[j - 1]);
      next.score *= shared <= limits.overlap || scale != 0 ? std::exp(scale * shared * shared) : 0.0F;
      dropped = (scale == 0 && shared > limits.overlap) || next.score <= limits.score;
    }
    if (dropped) continue;
    next.compared = chosen.boxes.size();
    if (next.score == before) {
      chosen.boxes.push_back(next.box);
      chosen.scores.push_back(next.score);
    } else {
      heap.push_back(next);
      std::push_heap(heap.begin(), heap.end(), worse);
    }
  }
  return chosen;
}

std::vector<float> floats_of(const Tensor& x) {
  need(dtype_is_floating(x.dtype), "boxes and scores are {}", dtype_name(x.dtype));
  return elements<float>(cast_tensor(x, DType::float32));
}

Tensors suppress(const NodeDef& node, Tensors& in) {
  const std::string_view op = node.op;
  const bool by_matrix = op == "NonMaxSuppressionWithOverlaps";
  const std::vector<float> boxes = floats_of(in[0]), scores = floats_of(in[1]);
  const auto count = static_cast<int64_t>(scores.size());
  need(in[0].shape == Shape({count, by_matrix ? count : 4}), "{} scores belong to {}", count,
       in[0].shape.to_string());
  Limits limits;
  limits.most = one_int(in[2], "max_output_size");
  limits.overlap = static_cast<float>(op == "NonMaxSuppression" ? node.number("iou_threshold", 0.5)
                                                                : one_double(in.at(3), "iou_threshold"));
  if (in.size() > 4) limits.score = static_cast<float>(one_double(in[4], "score_threshold"));
  if (op == "NonMaxSuppressionV5")
    limits.soft_sigma = static_cast<float>(one_double(in.at(5), "soft_nms_sigma"));
  need(limits.most >= 0 && limits.most < (1 << 28), "{} boxes are asked for", limits.most);
  Chosen chosen = choose(
      scores,
      [&](int64_t a, int64_t b) {
        return by_matrix ? boxes[static_cast<size_t>(a * count + b)]
                         : box_overlap(boxes.data() + a * 4, boxes.data() + b * 4);
      },
      limits);
  const auto valid = static_cast<double>(chosen.boxes.size());
  if (node.flag("pad_to_max_output_size")) {
    chosen.boxes.resize(static_cast<size_t>(limits.most), 0);
    chosen.scores.resize(static_cast<size_t>(limits.most), 0);
  }
  const auto size = static_cast<int64_t>(chosen.boxes.size());
  Tensors out{tensor_of_ints(chosen.boxes, {size}, DType::int32)};
  if (op == "NonMaxSuppressionV5") out.push_back(cast_tensor(tensor_of(chosen.scores, {size}), in[1].dtype));
  out.push_back(scalar(valid, DType::int32));
  return out;
}

struct Detection {
  float score;
  int64_t number, klass;  // of the order in which they were found
  float box[4];
};

// The detections of one image, best first.
std::vector<Detection> detections_of(const float* boxes, const float* scores, int64_t count, int64_t per_box,
                                     int64_t classes, const Limits& limits) {
  std::vector<Detection> found;
  for (int64_t c = 0; c < classes; ++c) {
    std::vector<float> of_class;
    for (int64_t i = 0; i < count; ++i) of_class.push_back(scores[i * classes + c]);
    const auto box = [&](int64_t i) { return boxes + (i * per_box + (per_box == 1 ? 0 : c)) * 4; };
    const Chosen chosen = choose(
        of_class, [&](int64_t a, int64_t b) { return box_overlap(box(a), box(b)); }, limits);
    for (size_t k = 0; k < chosen.boxes.size(); ++k) {
      Detection detection{chosen.scores[k], static_cast<int64_t>(found.size()), c, {}};
      std::copy_n(box(chosen.boxes[k]), 4, detection.box);
      found.push_back(detection);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Detection& a, const Detection& b) { return a.score > b.score; });
  return found;
}

Tensors combined(const NodeDef& node, Tensors& in) {
  need_rank(in[0], 4, "the boxes");
  need_rank(in[1], 3, "the scores");
  const int64_t batch = in[0].shape[0], count = in[0].shape[1], per_box = in[0].shape[2],
                classes = in[1].shape[2];
  need(in[0].shape[3] == 4 && in[1].shape[0] == batch && in[1].shape[1] == count &&
           (per_box == 1 || per_box == classes),
       "scores {} belong to boxes {}", in[1].shape.to_string(), in[0].shape.to_string());
  Limits limits;
  limits.most = one_int(in[2], "max_output_size_per_class");
  int64_t total = one_int(in[3], "max_total_size");
  limits.overlap = static_cast<float>(one_double(in[4], "iou_threshold"));
  limits.score = static_cast<float>(one_double(in[5], "score_threshold"));
  need(limits.most > 0 && total > 0 && total < (1 << 28), "{} of {} boxes are asked for", limits.most, total);
  if (node.flag("pad_per_class")) total = std::min(total, limits.most * classes);
  const std::vector<float> boxes = floats_of(in[0]), scores = floats_of(in[1]);
  std::vector<float> out_boxes, out_scores, out_classes;
  std::vector<int64_t> valid;
  const bool clip = node.flag("clip_boxes", true);
  for (int64_t b = 0; b < batch; ++b) {
    const auto found = detections_of(boxes.data() + b * count * per_box * 4,
                                     scores.data() + b * count * classes, count, per_box, classes, limits);
    const int64_t kept = std::min<int64_t>(static_cast<int64_t>(found.size()), total);
    valid.push_back(kept);
    for (int64_t k = 0; k < total; ++k) {
      const Detection none{};
      const Detection& detection = k < kept ? found[static_cast<size_t>(k)] : none;
      out_scores.push_back(detection.score);
      out_classes.push_back(static_cast<float>(detection.klass));
      for (float edge : detection.box) out_boxes.push_back(clip ? std::clamp(edge, 0.0F, 1.0F) : edge);
    }
  }
  return {tensor_of(out_boxes, {batch, total, 4}), tensor_of(out_scores, {batch, total}),
          tensor_of(out_classes, {batch, total}), tensor_of_ints(valid, {batch}, DType::int32)};
}

constexpr ComputeRow kRows[] = {
    {"NonMaxSuppression", 3, suppress, "", false},
    {"NonMaxSuppressionV2", 4, suppress, "", false},
    {"NonMaxSuppressionV3", 5, suppress, "", false},
    {"NonMaxSuppressionV4", 5, suppress, "selected_indices valid_outputs", false},
    {"NonMaxSuppressionV5", 6, suppress, "selected_indices selected_scores valid_outputs", false},
    {"NonMaxSuppressionWithOverlaps", 5, suppress, "", false},
    {"CombinedNonMaxSuppression", 6, combined, "nmsed_boxes nmsed_scores nmsed_classes valid_detections",
     false}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

size_t output_offset(const NodeDef& node, std::string_view output) {
  return output_of(kRows, node, output);
}

}  // namespace

CORNU_TF_OP(non_max_suppression) = {.names = kNames, .output_offset = output_offset, .compute = compute};

}  // namespace cornu::tensorflow
