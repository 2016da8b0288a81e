# Makes Tests/ExplainingTests/Files/trees.json: XGBoost's and shap's own Shapley values of small ensembles.
import json, sys, numpy as np, xgboost as xgb, shap, warnings
warnings.filterwarnings("ignore")
rng=np.random.default_rng(7)
def rows(n,d,missing=0.0):
    x=rng.normal(size=(n,d)).astype(np.float32)
    if missing: x[rng.random(x.shape)<missing]=np.nan
    return x
cases=[]
def case(name,x,y,params,rounds,explain=6,interactions=False,background=0):
    m=xgb.DMatrix(x,y); b=xgb.train({**params,"nthread":1,"seed":3},m,rounds)
    e=x[:explain]; d=xgb.DMatrix(e)
    c={"name":name,"document":b.save_raw("json").decode(),"featureCount":x.shape[1],"scoreCount":params.get("num_class",1),
       "rows":[[None if np.isnan(v) else float(v) for v in r] for r in e],
       "margins":np.asarray(b.predict(d,output_margin=True)).reshape(len(e),-1).tolist(),
       "contributions":np.asarray(b.predict(d,pred_contribs=True)).reshape(len(e),-1,x.shape[1]+1).tolist()}
    if interactions:
        c["interactions"]=np.asarray(b.predict(d,pred_interactions=True)).reshape(len(e),-1,x.shape[1]+1,x.shape[1]+1).tolist()
    if background:
        bg=x[-background:]
        ex=shap.TreeExplainer(b,data=bg.astype(np.float64),feature_perturbation="interventional",model_output="raw")
        v=np.asarray(ex.shap_values(e.astype(np.float64),check_additivity=False))
        c["background"]=[[float(q) for q in r] for r in bg]
        c["interventional"]=v.reshape(len(e),1,-1).tolist(); c["interventionalExpected"]=float(np.ravel(ex.expected_value)[0])
    cases.append(c)
x=rows(300,6); y=x[:,0]*x[:,1]+np.sin(x[:,2]*2)+.1*rng.normal(size=300)
case("regression",x,y,{"max_depth":4,"eta":.3},8,interactions=True,background=20)
case("one tree",x,y,{"max_depth":3,"eta":1},1,interactions=True,background=20)
case("depth 10",x,y,{"max_depth":10,"eta":.3},2,background=15)
yb=(y>0).astype(int)
case("binary",x,yb,{"max_depth":4,"objective":"binary:logistic"},8,interactions=True,background=20)
ym=np.digitize(y,[-.5,.5])
case("multiclass",x,ym,{"max_depth":3,"objective":"multi:softprob","num_class":3},4,interactions=True)
xm=rows(300,5,.25); y2=np.nan_to_num(xm[:,0])-np.isnan(xm[:,1])*1.0
case("missing values",xm,y2,{"max_depth":4},6,interactions=True)
case("counts",x,np.random.default_rng(1).poisson(np.exp(x[:,0]*.5)),{"max_depth":3,"objective":"count:poisson"},5)
case("dart",x,y,{"max_depth":3,"booster":"dart","rate_drop":.3},6)
case("linear",x,y,{"booster":"gblinear"},6)
xc=rng.integers(0,2,size=(300,4)).astype(np.float32)
case("indicators",xc,xc[:,0]*xc[:,1]-xc[:,2],{"max_depth":4},5,interactions=True)
json.dump({"xgboost":xgb.__version__,"shap":shap.__version__,"cases":cases},open(sys.argv[1],"w"))
