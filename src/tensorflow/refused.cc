// Ops that read, write or run something outside of the model. They are refused by name wherever they are needed.
#include "tensorflow/importer.h"

namespace cornu::tensorflow {
namespace {

std::vector<Operand> import(ImportCall& call) {
  call.fail(ErrorCode::unsupported,
            "the op reaches outside of the model (files, processes or Python), which a model may not");
}

constexpr std::string_view kNames[] = {"ReadFile",
                                       "WriteFile",
                                       "MatchingFiles",
                                       "PyFunc",
                                       "PyFuncStateless",
                                       "EagerPyFunc",
                                       "WholeFileReader",
                                       "WholeFileReaderV2",
                                       "TextLineReader",
                                       "TextLineReaderV2",
                                       "TFRecordReader",
                                       "TFRecordReaderV2",
                                       "FixedLengthRecordReader",
                                       "FixedLengthRecordReaderV2",
                                       "ReaderRead",
                                       "ReaderReadV2",
                                       "Save",
                                       "SaveV2",
                                       "SaveSlices",
                                       "MergeV2Checkpoints",
                                       "RemoteCall"};

}  // namespace

CORNU_TF_OP(refused) = {.names = kNames, .import = import};

}  // namespace cornu::tensorflow
